#include "watcher/plan.h"

#include "watcher/rewrite.h"

#include <string.h>

/* A file system holds 255 bytes of a name, and git adds to it. */
enum { LONGEST_REF = 100 };

/* git check-ref-format(1): what a part of a ref may hold, and a bit less. */
static bool fits_ref(struct slice text, size_t i)
{
    char c = text.ptr[i];
    if (is_letter(c) || is_digit(c) || c == '_' || c == '+')
        return true;
    if (c == '-')
        return i > 0;
    return c == '.' && i > 0 && i + 1 < text.len && text.ptr[i - 1] != '.';
}

static void add_ref(struct buf *out, const char *text)
{
    struct slice s = slice_first(slice_of(*text ? text : "-"), LONGEST_REF);
    for (size_t i = 0; i < s.len; i++)
        buf_add_byte(out, fits_ref(s, i) ? s.ptr[i] : '-');
}

const char *plan_branch(struct arena *a, const struct component *c, enum decision_kind kind)
{
    static const struct slice lock = SLICE(".lock");
    struct buf out = {0};
    buf_add_text(&out, BRANCH_PREFIX);
    add_ref(&out, c->recipe);
    if (strcmp(c->recipe, c->name) != 0) {
        buf_add_byte(&out, '.');
        add_ref(&out, c->name);
    }
    if (kind == DECISION_NEW_STREAM)
        buf_add_text(&out, ".new-stream");
    if (kind == DECISION_REBUILD)
        buf_add_text(&out, ".rebuild");
    if (slice_ends(buf_slice(&out), lock))
        out.ptr[out.len - lock.len] = '-';
    const char *branch = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return branch;
}

static bool plan_changes(const char *root, struct outcome *o, struct error *e)
{
    struct rewriting w = {
        .root = root,
        .component = o->component,
        .release = &o->release,
        .file = o->file,
        .renewals = &o->renewals,
        .prunings = &o->prunings,
    };
    return rewrite(&o->arena, &w, o->changes, e);
}

/* A change set that moves to the next stream leaves the configuration's stream behind. */
static void note_stream(struct outcome *o)
{
    const struct component *c = o->component;
    struct slice numbers = slice_of(c->stream), part;
    size_t count = 0;
    if (o->decision.kind != DECISION_NEW_STREAM)
        return;
    while (slice_split(&numbers, '.', &part))
        count++;
    struct slice series = scheme_series(slice_of(o->decision.version), count);
    vec_push(&o->arena, &o->changes->notes,
             arena_printf(&o->arena, "the stream followed is still %s: set it to %.*s with this",
                          c->stream, SLICE_ARG(series)));
}

static void plan_row(const char *root, const struct templates *templates, struct outcome *o)
{
    struct error e = {0};
    bool rewrites = outcome_rewrites(o);
    o->changes = arena_new(&o->arena, struct change_set);
    if (!rewrites)
        o->release = release_of(o->component, &o->decision);
    bool good = !rewrites || plan_changes(root, o, &e);
    if (good && rewrites)
        note_stream(o);
    if (!good || !plan_texts(templates, o, &e))
        outcome_fail(o, &e);
}

/* Would one of them be taken for the other: by its branch, or by the name in its marker? */
static bool is_rival(const struct outcome *o, const struct outcome *other)
{
    const struct component *c = o->component, *d = other->component;
    if (!o->changes || !other->changes)
        return false;
    if (c != d && strcmp(c->recipe, d->recipe) == 0 && strcmp(c->name, d->name) == 0)
        return true;
    return o->changes->branch && other->changes->branch &&
           strcmp(o->changes->branch, other->changes->branch) == 0;
}

void plan_refuse_shared_branch(struct results *results, size_t index)
{
    struct outcome *o = results->items[index];
    struct error e = {0};
    for (size_t i = 0; i < index; i++) {
        const struct outcome *other = results->items[i];
        if (!is_rival(o, other))
            continue;
        error_set(&e, ERROR_RECIPE,
                  "%s: its proposal could not be told from that of %s: give one of them another "
                  "name in mwatch.yaml",
                  o->component->file, other->component->file);
        outcome_fail(o, &e);
        return;
    }
}

void plan_run(const char *root, const struct templates *templates, struct results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        if (!decision_proposes(&o->decision))
            continue;
        plan_row(root, templates, o);
        plan_refuse_shared_branch(results, i);
    }
}
