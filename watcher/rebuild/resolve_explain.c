/* Why an image cannot be resolved, in one line. */
#include "watcher/base/text.h"
#include "watcher/rebuild/resolve_parts.h"
#include "watcher/versions/apko.h"

#include <stdlib.h>
#include <string.h>

/* An error has room for about so many. */
enum { CHAIN = 6, CANDIDATES = 5, TEXT = 120 };

static struct slice cut(struct slice text)
{
    return slice_first(text, TEXT);
}

static void add_package(const struct solver *s, uint32_t package, struct buf *out)
{
    const struct package *p = package_at(s, package);
    buf_addf(out, "%.*s-%.*s", SLICE_ARG(cut(p->name)), SLICE_ARG(cut(p->version)));
}

static void add_wanted(const struct solver *s, uint32_t by, struct buf *out)
{
    if (by == RESOLVED_BY_WORLD)
        buf_add_text(out, s->world);
    else if (by == RESOLVED_BY_INSTALL_IF)
        buf_add_text(out, "its install_if");
    else
        add_package(s, by, out);
}

/* ", wanted by b-1, wanted by a-1, wanted by the image" */
static void add_chain(const struct solver *s, uint32_t by, struct buf *out)
{
    for (size_t i = 0; i < CHAIN; i++) {
        buf_add_text(out, ", wanted by ");
        add_wanted(s, by, out);
        if (by == RESOLVED_BY_WORLD || by == RESOLVED_BY_INSTALL_IF)
            return;
        by = s->by[by];
    }
    buf_add_text(out, ", ...");
}

/* Why this package, which has the wanted name, does not do. */
static void add_reason(const struct solver *s, const struct want *w, const struct provide *p,
                       struct buf *out)
{
    const struct fate *fate = &s->fates[p->package];
    bool ours = fate->by == w->by && slice_equal(fate->text, w->text);
    if (fate->reason == REASON_BESIDE) {
        buf_add_text(out, " (not beside ");
        add_package(s, fate->by, out);
        buf_addf(out, ", which has %.*s too)", SLICE_ARG(cut(fate->text)));
    } else if (fate->reason == REASON_ARCH) {
        buf_addf(out, " (not there for %.*s)", SLICE_ARG(cut(fate->text)));
    } else if (fate->reason == REASON_WANT && !ours) {
        buf_addf(out, " (%.*s is wanted by ", SLICE_ARG(cut(fate->text)));
        add_wanted(s, fate->by, out);
        buf_add_byte(out, ')');
    } else if (p->version.len == 0 && w->d.relations) {
        buf_addf(out, " (provides %.*s without a version)", SLICE_ARG(cut(w->d.name)));
    } else if (!slice_equal(package_at(s, p->package)->name, w->d.name) && p->version.len) {
        buf_addf(out, " (provides %.*s=%.*s)", SLICE_ARG(cut(w->d.name)),
                 SLICE_ARG(cut(p->version)));
    } else if (fate->reason == REASON_NONE) {
        uint32_t repository = package_at(s, p->package)->repository;
        const char *tag = s->ix->repositories.items[repository].tag;
        if (*tag)
            buf_addf(out, " (only with @%s)", tag);
    }
}

/* What has the wanted name, once a package. */
struct found {
    const struct provide *provide;
    const struct package *package;
};

/* The highest of its own version first: it is the one that is looked for. */
static int by_version(const void *left, const void *right)
{
    const struct package *a = ((const struct found *)left)->package;
    const struct package *b = ((const struct found *)right)->package;
    int order = apko_order(b->version, a->version);
    if (order == 0)
        order = slice_compare(a->name, b->name);
    return order ? order : (a->repository > b->repository) - (a->repository < b->repository);
}

/* Of the provides from `i` on that one package has of the name, one that does not do; the first if
 * all do. */
static const struct provide *telling(const struct solver *s, const struct want *w, uint32_t i,
                                     uint32_t end)
{
    const struct provide *first = provide_at(s, i);
    for (; i < end && provide_at(s, i)->package == first->package; i++)
        if (!dependency_satisfied(&w->d, provide_at(s, i)->version))
            return provide_at(s, i);
    return first;
}

static struct found *find(struct solver *s, const struct want *w, size_t *count)
{
    uint32_t from = s->ix->first[w->name], end = s->ix->first[w->name + 1];
    struct found *found = arena_array(&s->a, end - from + 1, sizeof *found);
    *count = 0;
    for (uint32_t i = from; i < end; i++) {
        const struct provide *p = provide_at(s, i);
        if (*count && found[*count - 1].provide->package == p->package)
            continue;
        found[(*count)++] = (struct found){telling(s, w, i, end), package_at(s, p->package)};
    }
    qsort(found, *count, sizeof *found, by_version);
    return found;
}

static void add_candidates(struct solver *s, const struct want *w, struct buf *out)
{
    size_t count;
    const struct found *found = find(s, w, &count);
    for (size_t i = 0; i < count && i < CANDIDATES; i++) {
        buf_add_text(out, i == 0 ? "there is " : ", ");
        add_package(s, found[i].provide->package, out);
        add_reason(s, w, found[i].provide, out);
    }
    if (count > CANDIDATES)
        buf_addf(out, " and %zu more", count - CANDIDATES);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The world is written by hand. */
static void add_nearest(struct solver *s, const struct want *w, struct buf *out)
{
    size_t count = s->ix->packages.count;
    const char **names = arena_array(&s->a, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_text(&s->a, s->ix->packages.items[i].name);
    if (count)
        qsort(names, count, sizeof *names, by_text);
    const char *nearest = text_nearest(w->d.name, names);
    if (nearest)
        buf_addf(out, "; did you mean %s?", nearest);
}

bool explain(struct solver *s, const struct want *w)
{
    struct buf text = {0};
    buf_addf(&text, "no package for %.*s", SLICE_ARG(cut(w->text)));
    add_chain(s, w->by, &text);
    buf_add_text(&text, ": ");
    if (w->name != INDEX_NONE && s->ix->first[w->name] != s->ix->first[w->name + 1]) {
        add_candidates(s, w, &text);
    } else {
        buf_add_text(&text, "nothing has this name");
        if (w->by == RESOLVED_BY_WORLD)
            add_nearest(s, w, &text);
    }
    error_set(s->e, ERROR_RECIPE, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}
