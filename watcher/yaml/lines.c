/* Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the linear-space variation:
 * find the middle of a shortest edit path from both ends at once, then each half by itself. */
#include "watcher/yaml/lines.h"

#include "watcher/base/memory.h"

#include <stdlib.h>

/* A part of both texts. */
struct box {
    const struct line *a, *b;
    ptrdiff_t rows, columns; /* lines of a, of b */
};

/* How far each diagonal has come from one end: `x` lines of a. -1 = not reached. */
struct front {
    ptrdiff_t *reach;
    ptrdiff_t low, high; /* diagonals at the rims that have left the box */
};

struct search {
    struct front forward, backward;
    ptrdiff_t offset; /* of diagonal 0 in `reach` */
    ptrdiff_t length;
};

struct lines lines_split(struct slice text)
{
    struct lines lines = {0};
    size_t capacity = 1;
    for (size_t i = 0; i < text.len; i++)
        capacity += text.ptr[i] == '\n';
    lines.items = memory_zalloc(memory_product(capacity + 1, sizeof(struct line)));
    while (text.len) {
        size_t at = slice_find_byte(text, '\n');
        struct line *line = &lines.items[lines.count++];
        line->text = slice_first(text, at == SLICE_NONE ? text.len : at + 1);
        line->hash = UINT64_C(14695981039346656037);
        for (size_t i = 0; i < line->text.len; i++)
            line->hash = (line->hash ^ (unsigned char)line->text.ptr[i]) * UINT64_C(1099511628211);
        text = slice_from(text, line->text.len);
    }
    return lines;
}

void lines_free(struct lines *lines)
{
    free(lines->items);
    *lines = (struct lines){0};
}

static bool same(const struct line *a, const struct line *b)
{
    return a->hash == b->hash && slice_equal(a->text, b->text);
}

static bool same_from(const struct box *box, bool backward, ptrdiff_t x, ptrdiff_t y)
{
    if (backward)
        return same(&box->a[box->rows - 1 - x], &box->b[box->columns - 1 - y]);
    return same(&box->a[x], &box->b[y]);
}

/* Extend one diagonal by one difference and all equal lines after it. */
static ptrdiff_t extend(const struct search *s, const struct box *box, const struct front *front,
                        ptrdiff_t d, ptrdiff_t k, bool backward)
{
    const ptrdiff_t *reach = front->reach + s->offset;
    bool down = k == -d || (k != d && reach[k - 1] < reach[k + 1]);
    ptrdiff_t x = down ? reach[k + 1] : reach[k - 1] + 1, y = x - k;
    while (x < box->rows && y < box->columns && same_from(box, backward, x, y)) {
        x++;
        y++;
    }
    return x;
}

/* Has the other end's front come past `x` on this diagonal (which it numbers differently)? */
static bool meets(const struct search *s, const struct box *box, const struct front *other,
                  ptrdiff_t k, ptrdiff_t x)
{
    ptrdiff_t mirrored = box->rows - box->columns - k + s->offset;
    if (mirrored < 0 || mirrored >= s->length || other->reach[mirrored] < 0)
        return false;
    return x + other->reach[mirrored] >= box->rows;
}

/* One more difference from one end. True with the place in *x, *y (counted from that end) where
 * both fronts meet. */
static bool advance(struct search *s, const struct box *box, ptrdiff_t d, bool backward,
                    ptrdiff_t *x, ptrdiff_t *y)
{
    struct front *front = backward ? &s->backward : &s->forward;
    const struct front *other = backward ? &s->forward : &s->backward;
    bool odd = (box->rows - box->columns) % 2 != 0;
    for (ptrdiff_t k = -d + front->low; k <= d - front->high; k += 2) {
        *x = extend(s, box, front, d, k, backward);
        *y = *x - k;
        front->reach[s->offset + k] = *x;
        if (*x > box->rows)
            front->high += 2;
        else if (*y > box->columns)
            front->low += 2;
        else if (odd != backward && meets(s, box, other, k, *x))
            return true;
    }
    return false;
}

static void reset(struct search *s, struct front *front)
{
    front->low = front->high = 0;
    for (ptrdiff_t i = 0; i < s->length; i++)
        front->reach[i] = -1;
    front->reach[s->offset + 1] = 0;
}

/* The middle of a shortest edit path; false when there is none within the limit. */
static bool find_middle(struct search *s, const struct box *box, ptrdiff_t *x, ptrdiff_t *y)
{
    ptrdiff_t most = (box->rows + box->columns + 1) / 2;
    most = most > LINES_LIMIT / 2 ? LINES_LIMIT / 2 : most;
    s->offset = most;
    s->length = 2 * most + 2;
    reset(s, &s->forward);
    reset(s, &s->backward);
    for (ptrdiff_t d = 0; d < most; d++) {
        if (advance(s, box, d, false, x, y))
            return true;
        if (advance(s, box, d, true, x, y)) {
            *x = box->rows - *x;
            *y = box->columns - *y;
            return true;
        }
    }
    return false;
}

static void mark(struct line *items, size_t first, size_t last)
{
    for (; first < last; first++)
        items[first].changed = true;
}

/* A range of lines of both texts: a0..a1 and b0..b1. */
struct range {
    size_t a0, a1, b0, b1;
};

static void trim(const struct lines *a, const struct lines *b, struct range *r)
{
    while (r->a0 < r->a1 && r->b0 < r->b1 && same(&a->items[r->a0], &b->items[r->b0])) {
        r->a0++;
        r->b0++;
    }
    while (r->a0 < r->a1 && r->b0 < r->b1 && same(&a->items[r->a1 - 1], &b->items[r->b1 - 1])) {
        r->a1--;
        r->b1--;
    }
}

/* Each half has half the differences, so the recursion is as deep as their number's logarithm. */
static void compare(struct search *s, struct lines *a, struct lines *b, struct range r)
{
    for (;;) {
        trim(a, b, &r);
        struct box box = {a->items + r.a0, b->items + r.b0, (ptrdiff_t)(r.a1 - r.a0),
                          (ptrdiff_t)(r.b1 - r.b0)};
        ptrdiff_t x = 0, y = 0;
        bool split = box.rows && box.columns && find_middle(s, &box, &x, &y);
        if (!split || (x == 0 && y == 0) || (x == box.rows && y == box.columns)) {
            mark(a->items, r.a0, r.a1);
            mark(b->items, r.b0, r.b1);
            return;
        }
        size_t a_middle = r.a0 + (size_t)x, b_middle = r.b0 + (size_t)y;
        compare(s, a, b, (struct range){r.a0, a_middle, r.b0, b_middle});
        r.a0 = a_middle;
        r.b0 = b_middle;
    }
}

/* Where a run of changed lines ends. */
static size_t run_end(const struct lines *lines, size_t at)
{
    while (at < lines->count && lines->items[at].changed)
        at++;
    return at;
}

/* Move the run that starts at `first` down while the line behind it equals its first: of several
 * shortest edit paths, the one people expect. It stops where it meets a change of the other text,
 * which is to stay apart; *twin is the other's line that matches the one behind the run. Returns
 * the run's end. */
static size_t slide_run(struct lines *lines, size_t first, const struct lines *other, size_t *twin)
{
    struct line *items = lines->items;
    size_t end = run_end(lines, first);
    while (end < lines->count && same(&items[first], &items[end]) && !other->items[*twin].changed) {
        items[first++].changed = false;
        items[end].changed = true;
        end = run_end(lines, end);
        ++*twin;
    }
    return end;
}

/* Slide all runs that no change of the other text stands beside. */
static void slide(struct lines *lines, const struct lines *other)
{
    for (size_t i = 0, twin = 0; i < lines->count;) {
        bool beside = other->items[twin].changed;
        twin = run_end(other, twin);
        if (!lines->items[i].changed) {
            i++;
            twin++;
        } else {
            i = beside ? run_end(lines, i) : slide_run(lines, i, other, &twin);
        }
    }
}

void lines_compare(struct lines *before, struct lines *after)
{
    size_t most = (before->count + after->count + 1) / 2;
    most = most > LINES_LIMIT / 2 ? LINES_LIMIT / 2 : most;
    size_t size = memory_product(2 * most + 2, sizeof(ptrdiff_t));
    struct search s = {.forward = {.reach = memory_alloc(size)},
                       .backward = {.reach = memory_alloc(size)}};
    compare(&s, before, after, (struct range){0, before->count, 0, after->count});
    free(s.forward.reach);
    free(s.backward.reach);
    slide(before, after);
    slide(after, before);
}
