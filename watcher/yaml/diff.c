#include "watcher/yaml/edit.h"
#include "watcher/yaml/lines.h"

enum { CONTEXT = 3 };

/* The lines a hunk shows: first..last of both texts. */
struct hunk {
    size_t a0, a1, b0, b1;
};

/* A name that would confuse a reader is quoted as git does (its quote.c): C escapes, octal. */
static bool needs_quotes(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c < ' ' || c >= 0x7F || c == '"' || c == '\\')
            return true;
    }
    return false;
}

static void add_quoted(struct buf *out, const char *side, struct slice name)
{
    buf_addf(out, "\"%s", side);
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c < ' ' || c >= 0x7F)
            buf_addf(out, "\\%03o", c);
        else if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else
            buf_add_byte(out, name.ptr[i]);
    }
    buf_add_byte(out, '"');
}

/* A tab ends a name with blanks in it, for readers that would take the rest for a date. */
static void add_name(struct buf *out, const char *sign, const char *side, struct slice name)
{
    buf_addf(out, "%s ", sign);
    if (needs_quotes(name))
        add_quoted(out, side, name);
    else
        buf_addf(out, "%s%.*s%s", side, SLICE_ARG(name),
                 slice_find_byte(name, ' ') == SLICE_NONE ? "" : "\t");
    buf_add_byte(out, '\n');
}

static void add_line(struct buf *out, char sign, struct slice line)
{
    buf_add_byte(out, sign);
    buf_add(out, line);
    if (line.len == 0 || line.ptr[line.len - 1] != '\n')
        buf_add_text(out, "\n\\ No newline at end of file\n");
}

/* "3,7"; a single line leaves out its count, an empty range names the line before it. */
static void add_range(struct buf *out, size_t first, size_t last)
{
    size_t count = last - first;
    buf_addf(out, "%zu", count ? first + 1 : first);
    if (count != 1)
        buf_addf(out, ",%zu", count);
}

static void add_hunk(struct buf *out, const struct lines *a, const struct lines *b,
                     const struct hunk *h)
{
    buf_add_text(out, "@@ -");
    add_range(out, h->a0, h->a1);
    buf_add_text(out, " +");
    add_range(out, h->b0, h->b1);
    buf_add_text(out, " @@\n");
    for (size_t i = h->a0, j = h->b0; i < h->a1 || j < h->b1;) {
        if (i < h->a1 && a->items[i].changed) {
            add_line(out, '-', a->items[i++].text);
        } else if (j < h->b1 && b->items[j].changed) {
            add_line(out, '+', b->items[j++].text);
        } else {
            add_line(out, ' ', a->items[i++].text);
            j++;
        }
    }
}

/* Pass the changed lines at i, j. */
static void skip_change(const struct lines *a, const struct lines *b, size_t *i, size_t *j)
{
    while (a->items[*i].changed)
        ++*i;
    while (b->items[*j].changed)
        ++*j;
}

/* Pass the lines that are the same at i, j; at most `most`. */
static size_t skip_same(const struct lines *a, const struct lines *b, size_t *i, size_t *j,
                        size_t most)
{
    size_t count = 0;
    for (; count < most && *i < a->count && *j < b->count; count++) {
        if (a->items[*i].changed || b->items[*j].changed)
            break;
        ++*i;
        ++*j;
    }
    return count;
}

/* From the change at i, j on: all changes with at most twice the context between them. */
static struct hunk next_hunk(const struct lines *a, const struct lines *b, size_t i, size_t j)
{
    size_t lead = i < CONTEXT ? i : CONTEXT;
    struct hunk h = {.a0 = i - lead, .b0 = j - lead};
    for (;;) {
        skip_change(a, b, &i, &j);
        size_t gap_i = i, gap_j = j;
        size_t gap = skip_same(a, b, &i, &j, 2 * CONTEXT + 1);
        if (gap <= 2 * CONTEXT && (a->items[i].changed || b->items[j].changed))
            continue;
        size_t tail = gap < CONTEXT ? gap : CONTEXT;
        h.a1 = gap_i + tail;
        h.b1 = gap_j + tail;
        return h;
    }
}

void diff_unified(struct buf *out, const char *file, struct slice before, struct slice after)
{
    if (slice_equal(before, after))
        return;
    struct lines a = lines_split(before), b = lines_split(after);
    lines_compare(&a, &b);
    add_name(out, "---", "a/", slice_of(file));
    add_name(out, "+++", "b/", slice_of(file));
    for (size_t i = 0, j = 0;;) {
        skip_same(&a, &b, &i, &j, SLICE_NONE);
        if (i >= a.count && j >= b.count)
            break;
        struct hunk h = next_hunk(&a, &b, i, j);
        add_hunk(out, &a, &b, &h);
        i = h.a1;
        j = h.b1;
    }
    lines_free(&a);
    lines_free(&b);
}
