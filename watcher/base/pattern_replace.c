#include "watcher/base/pattern.h"

struct replacing {
    const struct pattern *pattern;
    struct slice subject;
    struct slice replacement;
    struct buf *out;
    size_t copied; /* bytes of the subject that are dealt with */
    bool surprise;
};

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

/* The name after a `$`: its text in *name and its whole length with braces; 0 when there is none
 * and the `$` stands for itself. */
static size_t take_reference(struct slice after, struct slice *name, bool *braced)
{
    *braced = slice_starts(after, SLICE("{"));
    struct slice rest = slice_from(after, *braced);
    size_t len = 0;
    while (len < rest.len && is_word(rest.ptr[len]))
        len++;
    *name = slice_first(rest, len);
    if (len == 0 || (*braced && (len == rest.len || rest.ptr[len] != '}')))
        return 0;
    return len + (*braced ? 2 : 0);
}

static void add_group(const struct replacing *r, const struct match *m, struct slice name)
{
    enum { LONGEST_NAME = 128 };
    char text[LONGEST_NAME + 1] = "";
    unsigned long long number = 0;
    bool leading_zero = name.len > 1 && name.ptr[0] == '0'; /* to Go that is a name */
    if (slice_all_digits(name) && !leading_zero) {
        if (slice_number(name, &number) && number < m->count)
            buf_add(r->out, m->group[number]);
        return;
    }
    if (name.len > LONGEST_NAME)
        return;
    for (size_t i = 0; i < name.len; i++)
        text[i] = name.ptr[i];
    number = pattern_group(r->pattern, text);
    if (number > 0)
        buf_add(r->out, m->group[number]);
}

static size_t leading_digits(struct slice name)
{
    size_t len = 0;
    while (len < name.len && is_digit(name.ptr[len]))
        len++;
    return len;
}

/* What a `$` stands for; returns how many bytes after it belong to it. */
static size_t add_reference(struct replacing *r, const struct match *m, struct slice after)
{
    struct slice name;
    bool braced;
    if (slice_starts(after, SLICE("$"))) {
        buf_add_byte(r->out, '$');
        return 1;
    }
    size_t len = take_reference(after, &name, &braced);
    if (len == 0) {
        buf_add_byte(r->out, '$');
        return 0;
    }
    size_t digits = leading_digits(name);
    if (!braced && digits > 0 && digits < name.len) {
        r->surprise = true;
        name.len = len = digits;
    }
    add_group(r, m, name);
    return len;
}

static bool replace_one(void *arg, const struct match *m)
{
    struct replacing *r = arg;
    size_t start = r->subject.ptr ? (size_t)(m->group[0].ptr - r->subject.ptr) : 0;
    buf_add(r->out, slice_first(slice_from(r->subject, r->copied), start - r->copied));
    r->copied = start + m->group[0].len;
    struct slice rest = r->replacement;
    size_t plain;
    while ((plain = slice_find_byte(rest, '$')) != SLICE_NONE) {
        buf_add(r->out, slice_first(rest, plain));
        rest = slice_from(rest, plain + 1);
        rest = slice_from(rest, add_reference(r, m, rest));
    }
    buf_add(r->out, rest);
    return true;
}

bool pattern_replace(const struct pattern *p, struct slice subject, struct slice replacement,
                     struct buf *out, bool *surprise)
{
    size_t before = out->len;
    struct replacing r = {.pattern = p, .subject = subject, .replacement = replacement, .out = out};
    if (pattern_each(p, subject, replace_one, &r) == PATTERN_LIMIT) {
        buf_cut(out, before);
        return false;
    }
    buf_add(out, slice_from(subject, r.copied));
    if (surprise && r.surprise)
        *surprise = true;
    return true;
}
