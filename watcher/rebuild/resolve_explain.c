/* Why an image cannot be resolved, in one line. */
#include "watcher/rebuild/resolve_parts.h"

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
        buf_add_text(out, "the image");
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

static void add_candidates(const struct solver *s, const struct want *w, struct buf *out)
{
    uint32_t from = s->ix->first[w->name], end = s->ix->first[w->name + 1];
    for (uint32_t i = from; i < end && i < from + CANDIDATES; i++) {
        const struct provide *p = provide_at(s, i);
        buf_add_text(out, i == from ? "there is " : ", ");
        add_package(s, p->package, out);
        add_reason(s, w, p, out);
    }
    if (end - from > CANDIDATES)
        buf_addf(out, " and %u more", (unsigned)(end - from - CANDIDATES));
}

bool explain(struct solver *s, const struct want *w)
{
    struct buf text = {0};
    buf_addf(&text, "no package for %.*s", SLICE_ARG(cut(w->text)));
    add_chain(s, w->by, &text);
    buf_add_text(&text, ": ");
    if (w->name == INDEX_NONE || s->ix->first[w->name] == s->ix->first[w->name + 1])
        buf_add_text(&text, "nothing has this name");
    else
        add_candidates(s, w, &text);
    error_set(s->e, ERROR_RECIPE, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}
