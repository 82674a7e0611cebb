/* The words of a group's pull request: a table of what moves, and a section for each member. */
#include "watcher/plan_group.h"

#include "watcher/base/text.h"
#include "watcher/markdown.h"
#include "watcher/marker.h"
#include "watcher/plan_words.h"

/* Bytes of the body that are the template's, the marker's and the table's; of the commit's proofs;
 * columns of a cell. */
enum { LONGEST_FRAME = 9000, LONGEST_PROOF = 8000, LONGEST_CELL = 80, LEAST_ROOM = 200 };

struct words {
    struct group *g;
    struct arena *a;
    const struct templates *templates;
    struct values values;
    struct error *e;
};

static void put(struct words *w, const char *name, const char *value)
{
    vec_push(w->a, &w->values.list, ((struct template_value){name, value}));
}

static void put_buf(struct words *w, const char *name, struct buf *text)
{
    put(w, name, arena_text(w->a, buf_slice(text)));
    buf_free(text);
}

static void add_cell(struct words *w, struct buf *out, const char *text)
{
    if (text)
        markdown_add(out, slice_of(plan_cut(w->a, text, LONGEST_CELL)));
    buf_add_text(out, " | ");
}

static void add_row(struct words *w, struct buf *out, const struct outcome *o)
{
    struct buf title = {0};
    component_add_title(&title, o->component);
    buf_add_text(out, "| ");
    add_cell(w, out, buf_text(&title));
    add_cell(w, out, o->component->current);
    add_cell(w, out, o->decision.version);
    add_cell(w, out, decision_name(o->decision.kind));
    if (o->changes->image)
        markdown_add_code_cell(out, slice_of(plan_cut(w->a, o->changes->image, LONGEST_CELL)));
    buf_add_text(out, " |\n");
    buf_free(&title);
}

static void put_table(struct words *w)
{
    struct buf table = {0};
    for (size_t i = 0; i < w->g->members.count; i++)
        add_row(w, &table, w->g->members.items[i]);
    put_buf(w, "table", &table);
}

/* All sections with so much room each; false when they do not fit together. */
static bool add_sections(struct words *w, size_t room, size_t most, struct buf *out)
{
    for (size_t i = 0; i < w->g->members.count && !error_is_set(w->e); i++) {
        const char *section;
        if (plan_section(w->templates, w->g->members.items[i], room, &section, w->e))
            buf_addf(out, "%s\n", section);
        if (out->len > most)
            return false;
    }
    return true;
}

/* Members that say little leave the others more room; what cannot be said is in the diff. */
static void put_sections(struct words *w, size_t most)
{
    struct buf out = {0};
    size_t count = w->g->members.count;
    size_t room = count > 4 ? PLAN_BODY / count * 4 : PLAN_BODY;
    while (room >= LEAST_ROOM && !add_sections(w, room, most, &out)) {
        room = room / 4 * 3;
        buf_clear(&out);
    }
    if (room < LEAST_ROOM)
        buf_add_text(&out,
                     "There is no room here for what each of them changes: see the diff.\n\n");
    put_buf(w, "members", &out);
}

static bool has_manual(const struct group *g)
{
    for (size_t i = 0; i < g->members.count; i++)
        if (g->members.items[i]->decision.kind == DECISION_MANUAL)
            return true;
    return false;
}

static const char *marker(struct words *w)
{
    struct marker m = {.component = marker_group(w->a, w->g->name),
                       .members = plan_group_members(w->a, w->g)};
    return marker_text(w->a, &m);
}

static bool fill(struct words *w, enum template_kind kind, const char **out)
{
    struct buf text = BUF_MAX(PLAN_BODY);
    bool good = template_expand(slice_of(templates_text(w->templates, kind)), w->values.list.items,
                                w->values.list.count, &text, w->e);
    if (good)
        *out = arena_text(w->a, buf_slice(&text));
    buf_free(&text);
    return good || error_context(w->e, "%s", template_file(kind));
}

static bool make_body(struct words *w)
{
    struct buf heading = {0};
    w->values.list.count = 0;
    markdown_add(&heading, slice_of(w->g->name));
    put_buf(w, "heading", &heading);
    put(w, "count", arena_printf(w->a, "%zu", w->g->members.count));
    put(w, "manual", has_manual(w->g) ? "yes" : "");
    put(w, "marker", marker(w));
    put_table(w);
    size_t frame = slice_of(w->values.list.items[w->values.list.count - 1].value).len;
    put_sections(w, frame + LONGEST_FRAME < PLAN_BODY ? PLAN_BODY - LONGEST_FRAME - frame : 0);
    return !error_is_set(w->e) && fill(w, TEMPLATE_GROUP, &w->g->whole.changes->body);
}

static void put_names(struct words *w)
{
    struct buf names = {0};
    for (size_t i = 0; i < w->g->members.count; i++) {
        buf_add_text(&names, i ? ", " : "");
        component_add_title(&names, w->g->members.items[i]->component);
    }
    put_buf(w, "names", &names);
}

static bool make_title(struct words *w)
{
    struct change_set *set = w->g->whole.changes;
    const char *own = w->templates ? w->templates->group_title : NULL;
    size_t rebuilt = plan_dependents(set), count = w->g->members.count;
    w->values.list.count = 0;
    if (own) {
        put(w, "heading", w->g->name);
        put(w, "count", arena_printf(w->a, "%zu", count));
        put_names(w);
        return plan_title(w->a, own, &w->values, &set->title, w->e);
    }
    set->title = arena_printf(w->a, "%s: update %zu components", w->g->name, count);
    if (rebuilt)
        set->title = arena_printf(w->a, "%s, rebuild %zu dependent%s", set->title, rebuilt,
                                  rebuilt == 1 ? "" : "s");
    return true;
}

static void add_proofs(struct words *w, const struct outcome *o, struct buf *out)
{
    for (size_t i = 0; i < o->proofs.count && out->len < LONGEST_PROOF; i++)
        buf_addf(out, "%s\n%s %s\n", plan_cut(w->a, o->proofs.items[i].url, 500),
                 o->proofs.items[i].hash.sha256, proof_state_name(o->proofs.items[i].state));
}

static bool make_message(struct words *w)
{
    static const char *const none[] = {"file", "from", "to", "tag", "commit"};
    struct buf members = {0}, proofs = {0}, rebuilt = {0}, fixed = {0};
    w->values.list.count = 0;
    for (size_t i = 0; i < w->g->members.count; i++) {
        const struct outcome *o = w->g->members.items[i];
        buf_addf(&members, "%s: %s -> %s\n", plan_cut(w->a, o->component->file, LONGEST_CELL * 2),
                 o->component->current ? o->component->current : "", o->decision.version);
        add_proofs(w, o, &proofs);
        plan_add_fixed(o, &fixed);
    }
    plan_add_rebuilt(w->g->whole.changes, &rebuilt);
    put(w, "subject", w->g->whole.changes->title);
    put_buf(w, "members", &members);
    put_buf(w, "proof", &proofs);
    put_buf(w, "dependents", &rebuilt);
    put_buf(w, "fixed", &fixed);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        put(w, none[i], "");
    return fill(w, TEMPLATE_COMMIT, &w->g->whole.changes->message);
}

/* One alone speaks for itself, under the group's marker. */
static bool take_single(struct words *w)
{
    struct outcome *o = w->g->members.items[0];
    struct change_set *set = w->g->whole.changes;
    struct marker m = {.component = marker_group(w->a, w->g->name),
                       .members = plan_group_members(w->a, w->g)};
    if (!plan_texts(w->templates, o, w->e))
        return false;
    set->title = o->changes->title;
    set->message = o->changes->message;
    set->body = marker_put(w->a, o->changes->body, &m);
    return true;
}

bool plan_group_texts(const struct templates *templates, struct group *g, struct error *e)
{
    struct words w = {.g = g, .a = &g->whole.arena, .templates = templates, .e = e};
    if (g->members.count == 1)
        return take_single(&w);
    return make_title(&w) && make_body(&w) && make_message(&w);
}
