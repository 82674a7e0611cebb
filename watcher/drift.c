#include "watcher/drift.h"

#include "watcher/base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { NAMED_MOST = 5 }; /* members that are named one by one */

/* ---- lists of members ---- */

struct member {
    struct slice name;
    struct slice what; /* its sum and size */
};

struct members {
    VEC(struct member) list;
    bool partial;
};

static int by_name(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = slice_compare(x->name, y->name);
    return order ? order : slice_compare(x->what, y->what);
}

/* "SUM SIZE NAME" a line. */
static struct members read_members(struct arena *a, struct slice text)
{
    struct members m = {0};
    struct slice line;
    if (slice_ends(text, SLICE(RECORD_MORE))) {
        m.partial = true;
        text = slice_first(text, text.len - strlen(RECORD_MORE));
    }
    while (slice_line(&text, &line)) {
        size_t first = slice_find_byte(line, ' ');
        size_t second =
            first == SLICE_NONE ? SLICE_NONE : slice_find_byte(slice_from(line, first + 1), ' ');
        if (second == SLICE_NONE)
            continue;
        size_t end = first + 1 + second;
        vec_push(a, &m.list, ((struct member){slice_from(line, end + 1), slice_first(line, end)}));
    }
    if (m.list.count)
        qsort(m.list.items, m.list.count, sizeof *m.list.items, by_name);
    return m;
}

/* ---- differences ---- */

struct named {
    size_t count;
    struct buf names; /* of the first few */
};

struct differences {
    struct named added, removed, changed;
};

static void note(struct named *n, struct slice name)
{
    if (n->count < NAMED_MOST)
        buf_addf(&n->names, "%s%.*s", n->count ? ", " : "", SLICE_ARG(name));
    else if (n->count == NAMED_MOST)
        buf_add_text(&n->names, ", ...");
    n->count++;
}

/* Walk both lists, which are sorted, side by side. */
static void compare(const struct members *before, const struct members *after,
                    struct differences *d)
{
    size_t i = 0, k = 0;
    while (i < before->list.count || k < after->list.count) {
        const struct member *x = i < before->list.count ? &before->list.items[i] : NULL;
        const struct member *y = k < after->list.count ? &after->list.items[k] : NULL;
        int order = !x ? 1 : !y ? -1 : slice_compare(x->name, y->name);
        if (order < 0)
            note(&d->removed, x->name);
        else if (order > 0)
            note(&d->added, y->name);
        else if (!slice_equal(x->what, y->what))
            note(&d->changed, x->name);
        i += order <= 0;
        k += order >= 0;
    }
}

static void add_named(struct buf *out, const struct named *n, const char *what)
{
    if (n->count)
        buf_addf(out, "%s%zu %s (%s)", out->len ? ", " : "", n->count, what, buf_text(&n->names));
}

static void release(struct differences *d)
{
    buf_free(&d->added.names);
    buf_free(&d->removed.names);
    buf_free(&d->changed.names);
}

/* Of lists that are cut off, members that stand in both tell something; others may stand behind the
 * cut. */
static struct drift judge_lists(struct arena *a, const struct members *before,
                                const struct members *after)
{
    struct drift drift = {.kind = DRIFT_CHANGED};
    struct differences d = {0};
    struct buf text = {0};
    bool partial = before->partial || after->partial;
    compare(before, after, &d);
    if (!partial)
        add_named(&text, &d.added, "added");
    if (!partial)
        add_named(&text, &d.removed, "removed");
    add_named(&text, &d.changed, "with other content");
    if (text.len)
        drift.what = arena_printf(a, "changed: %s%s", buf_text(&text),
                                  partial ? ", of the members that are recorded" : "");
    else if (partial)
        drift.what = "changed, but none of the members that are recorded";
    else
        drift = (struct drift){DRIFT_REPACKED, "repacked: the same files with the same content"};
    buf_free(&text);
    release(&d);
    return drift;
}

struct drift drift_between(struct arena *a, const struct artefact_record *before,
                           const struct artefact_record *after)
{
    if (!before)
        return (struct drift){DRIFT_UNKNOWN, "what changed is not known, as mwatch never saw the "
                                             "bytes that are pinned"};
    if (after && before->content && after->content && strcmp(before->content, after->content) == 0)
        return (struct drift){DRIFT_RECOMPRESSED,
                              "recompressed: what it holds is the same to the byte"};
    if (!after || !before->members.len || !after->members.len)
        return (struct drift){DRIFT_UNKNOWN, "what changed is not known, as the members of both "
                                             "are not recorded"};
    struct members old = read_members(a, before->members), new = read_members(a, after->members);
    return judge_lists(a, &old, &new);
}

struct drift drift_find(struct http *h, struct arena *a, const char *url, const char *before,
                        const char *after)
{
    struct artefact_record old, new;
    bool knows_old = http_record_get(h, a, url, before, &old);
    bool knows_new = http_record_get(h, a, url, after, &new);
    return drift_between(a, knows_old ? &old : NULL, knows_new ? &new : NULL);
}
