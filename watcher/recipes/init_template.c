/* Texts of a first mwatch.yaml: scalars, and addresses as templates. */
#include "watcher/base/text.h"
#include "watcher/recipes/init_parts.h"

/* Could the plain text be taken for anything else than this text? */
static bool is_plain(struct slice text, bool flow)
{
    const struct slice marks = flow ? SLICE("._/+*~@=-$") : SLICE("._/+*~@=-${},");
    if (slice_empty(text) || plain_type(text) != TYPE_STRING)
        return false;
    if (!is_letter(text.ptr[0]) && !is_digit(text.ptr[0]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool in_address = c == ':' && i + 1 < text.len && text.ptr[i + 1] == '/';
        if (!is_letter(c) && !is_digit(c) && !in_address && slice_find_byte(marks, c) == SLICE_NONE)
            return false;
    }
    return true;
}

void init_scalar(struct buf *out, struct slice text, bool flow)
{
    if (is_plain(text, flow)) {
        buf_add(out, text);
        return;
    }
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, text.ptr[i]);
    }
    buf_add_byte(out, '"');
}

/* Does a number's neighbour make it another number? */
static bool goes_on(char c)
{
    return is_digit(c) || is_letter(c) || c == '.';
}

/* The series is only meant where it stands alone: "/8.4/", "MySQL-8.4/". */
static bool stands_alone(struct slice text, size_t at, size_t len)
{
    return (at == 0 || !goes_on(text.ptr[at - 1])) &&
           (at + len >= text.len || !goes_on(text.ptr[at + len]));
}

/* Write the text with what is known of the release as placeholders. */
static void add_template(struct buf *out, struct slice text, struct slice version, struct slice tag)
{
    struct slice series = scheme_series(version, 2);
    for (size_t i = 0; i < text.len;) {
        struct slice rest = slice_from(text, i);
        if (tag.len && slice_starts(rest, tag)) {
            buf_add_text(out, "{tag}");
            i += tag.len;
        } else if (slice_starts(rest, version)) {
            buf_add_text(out, "{version}");
            i += version.len;
        } else if (series.len < version.len && slice_starts(rest, series) &&
                   stands_alone(text, i, series.len)) {
            buf_add_text(out, "{series}");
            i += series.len;
        } else {
            buf_add_text(out, text.ptr[i] == '{' ? "{{" : "");
            if (text.ptr[i] != '{')
                buf_add_byte(out, text.ptr[i]);
            i++;
        }
    }
}

const char *init_template(struct arena *a, const char *url, struct slice version,
                          const struct init_guess *guess)
{
    struct slice text = slice_of(url), tag = slice_of(guess ? guess->tag : NULL);
    bool moves = slice_contains(text, version) || (tag.len && slice_contains(text, tag));
    if (!moves || slice_find_byte(text, '$') != SLICE_NONE || !text_is_visible(text))
        return NULL;
    /* Where the tag is the version, the version is the plainer word. */
    if (slice_equal(tag, version))
        tag.len = 0;
    struct buf out = {0};
    add_template(&out, text, version, tag);
    const char *copy = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return copy;
}
