/* The words of a proposal that raises an epoch and nothing else. */
#include "watcher/markdown.h"
#include "watcher/marker.h"
#include "watcher/plan.h"
#include "watcher/plan_words.h"

enum { LONGEST_ITEM = 500 };

struct words {
    struct outcome *o;
    const struct templates *templates;
    struct values values;
};

static void put(struct words *w, const char *name, const char *value)
{
    vec_push(&w->o->arena, &w->values.list, ((struct template_value){name, value}));
}

static void put_plain(struct words *w, const char *name, const char *text)
{
    struct buf out = {0};
    markdown_add(&out, slice_of(plan_cut(&w->o->arena, text, LONGEST_ITEM)));
    put(w, name, arena_text(&w->o->arena, buf_slice(&out)));
    buf_free(&out);
}

static void put_code(struct words *w, const char *name, const char *text)
{
    struct buf out = {0};
    markdown_add_code_cell(&out, slice_of(plan_cut(&w->o->arena, text, LONGEST_ITEM)));
    put(w, name, arena_text(&w->o->arena, buf_slice(&out)));
    buf_free(&out);
}

static void put_changed(struct words *w)
{
    const struct edits *edits = &w->o->changes->files.items[0].edits;
    struct buf out = {0};
    for (size_t i = 0; i < edits->list.count; i++) {
        const struct edit *edit = &edits->list.items[i];
        buf_add_text(&out, "- ");
        markdown_add_code(&out, slice_of(edit->path));
        buf_add_text(&out, ": ");
        markdown_add_code(&out, slice_of(plan_cut(&w->o->arena, edit->old_text, LONGEST_ITEM)));
        buf_add_text(&out, " → ");
        markdown_add_code(&out, slice_of(plan_cut(&w->o->arena, edit->new_text, LONGEST_ITEM)));
        buf_add_byte(&out, '\n');
    }
    put(w, "changed", arena_text(&w->o->arena, buf_slice(&out)));
    buf_free(&out);
}

static bool fill(struct words *w, enum template_kind kind, const char **out, struct error *e)
{
    struct buf text = BUF_MAX(PLAN_BODY);
    bool good = template_expand(slice_of(templates_text(w->templates, kind)), w->values.list.items,
                                w->values.list.count, &text, e);
    if (good)
        *out = arena_text(&w->o->arena, buf_slice(&text));
    buf_free(&text);
    return good || error_context(e, "%s", template_file(kind));
}

static bool put_message(const struct templates *templates, struct outcome *o, const char *from,
                        struct error *e)
{
    static const char *const none[] = {"tag", "commit", "proof", "dependents", "fixed", "members"};
    struct words w = {.o = o, .templates = templates};
    put(&w, "subject", o->changes->title);
    put(&w, "file", plan_cut(&o->arena, o->component->file, LONGEST_ITEM));
    put(&w, "from", from);
    put(&w, "to", o->decision.version);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        put(&w, none[i], "");
    return fill(&w, TEMPLATE_COMMIT, &o->changes->message, e);
}

bool plan_rebuild_texts(const struct templates *templates, struct outcome *o, bool unpublished,
                        struct error *e)
{
    const struct component *c = o->component;
    struct words w = {.o = o, .templates = templates};
    const char *from = arena_printf(&o->arena, "%s-r%llu", c->current ? c->current : "", c->epoch);
    o->changes->title =
        arena_printf(&o->arena, "%s: rebuild as %s", plan_cut(&o->arena, c->recipe, PLAN_TITLE / 2),
                     plan_cut(&o->arena, o->decision.version, PLAN_TITLE / 2));
    o->changes->branch = plan_branch(&o->arena, c, DECISION_REBUILD);
    put_plain(&w, "heading", c->recipe);
    put_plain(&w, "reason", o->decision.reason);
    put_code(&w, "file", c->file);
    put_plain(&w, "from", from);
    put_plain(&w, "to", o->decision.version);
    put(&w, "unpublished", unpublished ? "yes" : "");
    put_changed(&w);
    struct marker marker = marker_of(&o->arena, c, o->decision.version, DECISION_REBUILD);
    put(&w, "marker", marker_text(&o->arena, &marker));
    return plan_labels(o, e) && fill(&w, TEMPLATE_REBUILD, &o->changes->body, e) &&
           put_message(templates, o, from, e);
}
