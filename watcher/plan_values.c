/* What the placeholders of a proposal's templates stand for. Whatever upstream wrote is made
 * harmless before it gets into one. */
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/markdown.h"
#include "watcher/marker.h"
#include "watcher/plan.h"
#include "watcher/plan_words.h"

#include <string.h>

/* Bytes of the parts of a body that has all the room there is; they must fit into it together. The
 * rest is the template's, the links' and the table's. */
enum {
    LONGEST_NOTES = 20000,
    LONGEST_CHANGED = 12000,
    LONGEST_PROOF = 8000,
    LONGEST_ADVISORIES = 6000,
    LONGEST_LIST = 4000,
    LONGEST_ITEM = 500, /* columns; of a list */
    LONGEST_CELL = 160, /* columns; of the table */
};

static size_t share(const struct teller *t, size_t most)
{
    return most * t->room / PLAN_BODY;
}

static void put(struct teller *t, const char *name, const char *value)
{
    vec_push(t->a, &t->values.list, ((struct template_value){name, value ? value : ""}));
}

/* The buffer's text as a value; the buffer is released. */
static void put_buf(struct teller *t, const char *name, struct buf *text)
{
    put(t, name, arena_text(t->a, buf_slice(text)));
    buf_free(text);
}

/* For a cell of the table. */
static void put_code(struct teller *t, const char *name, const char *text)
{
    struct buf out = {0};
    if (text)
        markdown_add_code_cell(&out, slice_of(plan_cut(t->a, text, LONGEST_CELL)));
    put_buf(t, name, &out);
}

static void add_code(struct teller *t, struct buf *out, const char *text)
{
    markdown_add_code(out, slice_of(plan_cut(t->a, text, LONGEST_ITEM)));
}

static void put_plain(struct teller *t, const char *name, const char *text)
{
    struct buf out = {0};
    if (text)
        markdown_add(&out, slice_of(plan_cut(t->a, text, LONGEST_ITEM)));
    put_buf(t, name, &out);
}

static void put_heading(struct teller *t)
{
    struct buf title = {0}, out = {0};
    component_add_title(&title, t->o->component);
    markdown_add(&out, slice_of(plan_cut(t->a, buf_text(&title), PLAN_TITLE)));
    buf_free(&title);
    put_buf(t, "heading", &out);
}

static void put_source(struct teller *t)
{
    const struct spec *spec = &t->o->component->spec;
    struct buf out = {0};
    buf_add_text(&out, spec->preset ? spec->preset : spec->source->name);
    if (spec->values[0]) {
        buf_add_byte(&out, ' ');
        markdown_add_code_cell(&out, slice_of(plan_cut(t->a, spec->values[0], LONGEST_CELL)));
    }
    put_buf(t, "source", &out);
}

static void put_date(struct teller *t)
{
    struct buf out = {0};
    if (t->o->decision.candidate.published)
        timestamp_add_date(&out, t->o->decision.candidate.published);
    put_buf(t, "published", &out);
}

static bool put_links(struct teller *t, struct error *e)
{
    struct buf out = {0};
    bool good = plan_links(t->o, &out, e);
    put_buf(t, "links", &out);
    return good;
}

static void add_change(struct teller *t, struct buf *out, const char *file, const struct edit *edit)
{
    buf_add_text(out, "- ");
    add_code(t, out, file);
    buf_add_byte(out, ' ');
    add_code(t, out, edit->path);
    buf_add_text(out, ": ");
    add_code(t, out, edit->old_text);
    buf_add_text(out, " → ");
    add_code(t, out, edit->new_text);
    buf_add_byte(out, '\n');
}

/* What is rebuilt along is listed apart. */
static size_t count_edits(const struct change_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->files.count; i++)
        if (!set->files.items[i].recipe)
            count += set->files.items[i].edits.list.count;
    return count;
}

/* What a pruned list or step said is told word by word instead. */
static bool is_pruning(const struct prunings *p, const char *path)
{
    for (size_t i = 0; i < p->edits.count; i++)
        if (strcmp(p->edits.items[i].path, path) == 0)
            return true;
    return false;
}

static void add_pruned(struct teller *t, struct buf *out, const char *path)
{
    const struct prunings *p = &t->o->prunings;
    for (size_t i = 0; i < p->words.count; i++) {
        if (strcmp(p->words.items[i].path, path) != 0)
            continue;
        buf_add_text(out, "- ");
        add_code(t, out, path);
        buf_add_text(out, " no longer needs ");
        add_code(t, out, p->words.items[i].word);
        buf_add_text(out, ": the release has ");
        add_code(t, out, p->words.items[i].has);
        buf_add_byte(out, '\n');
    }
}

static void put_changed(struct teller *t)
{
    const struct change_set *set = t->o->changes;
    size_t left = count_edits(set);
    struct buf out = {0};
    for (size_t i = 0; i < set->files.count && left; i++) {
        const struct file_change *f = &set->files.items[i];
        for (size_t k = 0; !f->recipe && k < f->edits.list.count && left; k++, left--) {
            size_t before = out.len;
            const struct edit *edit = &f->edits.list.items[k];
            if (is_pruning(&t->o->prunings, edit->path))
                add_pruned(t, &out, edit->path);
            else
                add_change(t, &out, f->file, edit);
            if (!plan_keep_within(&out, before, share(t, LONGEST_CHANGED), left))
                left = 1;
        }
    }
    put_buf(t, "changed", &out);
}

static void put_dependents(struct teller *t)
{
    struct buf out = {0};
    plan_add_dependents(t->a, t->o->changes, &out);
    put_buf(t, "dependents", &out);
}

static bool pins_sha512(const struct outcome *o)
{
    for (size_t i = 0; i < o->renewals.list.count; i++)
        if (o->renewals.list.items[i].kind == PIN_SHA512)
            return true;
    return false;
}

static void add_proof(struct teller *t, struct buf *out, const struct proof *p)
{
    buf_add_text(out, "- ");
    add_code(t, out, p->url);
    if (p->final_url) {
        buf_add_text(out, "\n  which led to ");
        add_code(t, out, p->final_url);
    }
    buf_add_text(out, "\n  ");
    if (p->hash.size) {
        text_add_size(out, p->hash.size);
        buf_add_text(out, ", ");
    }
    buf_addf(out, "SHA-256 `%s`", p->hash.sha256);
    if (pins_sha512(t->o) && *p->hash.sha512)
        buf_addf(out, "\n  SHA-512 `%s`", p->hash.sha512);
    if (p->state == PROOF_CONFIRMED) {
        buf_add_text(out, "\n  **confirmed** by ");
        markdown_add(out, slice_of(p->confirmed_by));
    } else {
        buf_add_text(out, "\n  unconfirmed: upstream publishes no checksum that mwatch knows of");
    }
    buf_add_byte(out, '\n');
}

static void add_commit(struct teller *t, struct buf *out, const struct renewal *r)
{
    if (r->kind != PIN_COMMIT || !r->value)
        return;
    bool head = !r->ref && r->branch;
    buf_add_text(out, head ? "- the head of branch " : "- tag ");
    add_code(t, out, head ? r->branch : r->ref);
    buf_addf(out, " is commit `%s`%s in ", r->value, head ? "" : " (peeled)");
    add_code(t, out, r->repository);
    buf_add_byte(out, '\n');
}

static void put_proof(struct teller *t)
{
    const struct outcome *o = t->o;
    size_t proofs = o->proofs.count, count = proofs + o->renewals.list.count;
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        size_t before = out.len;
        if (i < proofs)
            add_proof(t, &out, &o->proofs.items[i]);
        else
            add_commit(t, &out, &o->renewals.list.items[i - proofs]);
        if (!plan_keep_within(&out, before, share(t, LONGEST_PROOF), count - i))
            break;
    }
    if (out.len == 0)
        buf_add_text(&out, "The recipe pins no hash and no commit of this component.\n");
    put_buf(t, "proof", &out);
}

static void put_list(struct teller *t, const char *name, const char *mark, const char *const *items,
                     size_t count)
{
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        size_t before = out.len;
        buf_add_text(&out, mark);
        markdown_add(&out, slice_of(plan_cut(t->a, items[i], LONGEST_ITEM)));
        buf_add_byte(&out, '\n');
        if (!plan_keep_within(&out, before, share(t, LONGEST_LIST), count - i))
            break;
    }
    put_buf(t, name, &out);
}

/* Without a checklist of the recipe's own, what every such move needs. */
static bool put_checklist(struct teller *t, struct error *e)
{
    static const char *const common[] = {"read the release notes for breaking changes",
                                         "move the recipe and build the image",
                                         "run the image's tests"};
    const struct component *c = t->o->component;
    const char **items = arena_array(t->a, c->checklist.count, sizeof *items);
    for (size_t i = 0; i < c->checklist.count; i++)
        if (!release_expand(t->a, c, &t->o->release, c->checklist.items[i], &items[i], e))
            return false;
    if (c->checklist.count)
        put_list(t, "checklist", "- [ ] ", items, c->checklist.count);
    else
        put_list(t, "checklist", "- [ ] ", common, sizeof common / sizeof *common);
    return true;
}

static void add_notes(struct buf *out, const char *notes, size_t most)
{
    struct buf safe = {0};
    markdown_add_quoted(&safe, slice_of(notes), most);
    if (safe.len)
        markdown_add_block(out, "text", buf_slice(&safe));
    buf_free(&safe);
}

static void add_release(struct teller *t, struct buf *out, const struct candidate *c, size_t most)
{
    buf_add_text(out, out->len ? "\n**" : "**");
    markdown_add(out, slice_of(plan_cut(t->a, c->raw, LONGEST_CELL)));
    buf_add_text(out, "**");
    if (c->published) {
        buf_add_text(out, ", ");
        timestamp_add_date(out, c->published);
    }
    buf_add_text(out, "\n\n");
    add_notes(out, c->notes, most);
}

/* As upstream wrote them, but in blocks, where nothing pings, links or renders: of every release
 * that comes with it, newest first. Each has half of the room that is left. */
static void put_notes(struct teller *t)
{
    const struct decision *d = &t->o->decision;
    size_t most = share(t, LONGEST_NOTES), told = 0;
    struct buf out = {0};
    for (size_t i = 0; i < d->between.count; i++)
        told += d->between.items[i].notes && *d->between.items[i].notes;
    if (told == 0)
        add_notes(&out, d->candidate.notes, most);
    else if (d->candidate.notes)
        add_release(t, &out, &d->candidate, most / 2);
    for (size_t i = 0; i < d->between.count; i++) {
        const struct candidate *c = &d->between.items[i];
        if (!c->notes || !*c->notes)
            continue;
        if (out.len + LONGEST_ITEM > most) {
            buf_addf(&out, "\nand %zu more\n", told);
            break;
        }
        add_release(t, &out, c, (most - out.len) / 2);
        told--;
    }
    put_buf(t, "notes", &out);
}

/* A tag that moved is nothing to merge without a look at it. */
static void put_retagged(struct teller *t)
{
    bool retagged = t->o->decision.kind == DECISION_RETAGGED;
    put_plain(t, "retagged", retagged ? t->o->decision.reason : NULL);
}

static void put_advisories(struct teller *t)
{
    struct buf out = {0};
    plan_add_advisories(t->a, t->o, share(t, LONGEST_ADVISORIES), &out);
    put_buf(t, "advisories", &out);
}

static bool put_image(struct teller *t, struct error *e)
{
    const struct component *c = t->o->component;
    if (c->image && !release_expand(t->a, c, &t->o->release, c->image, &t->o->changes->image, e))
        return false;
    put_code(t, "image", t->o->changes->image);
    return true;
}

bool plan_values(struct teller *t, struct error *e)
{
    const struct outcome *o = t->o;
    const struct component *c = o->component;
    put_heading(t);
    put_code(t, "file", c->file);
    put_code(t, "component_row", strcmp(c->name, c->recipe) ? c->name : NULL);
    put_plain(t, "from", c->current);
    put_plain(t, "to", o->decision.version);
    put(t, "decision", decision_name(o->decision.kind));
    put_plain(t, "stream", c->stream);
    put_source(t);
    put_code(t, "tag", o->decision.candidate.raw);
    put_code(t, "commit", o->decision.candidate.commit);
    put_date(t);
    put_changed(t);
    put_dependents(t);
    put_proof(t);
    put_list(t, "left", "- ", o->changes->notes.items, o->changes->notes.count);
    put_list(t, "warnings", "- ", o->warnings.items, o->warnings.count);
    put_notes(t);
    put_advisories(t);
    put_retagged(t);
    put(t, "manual", o->decision.kind == DECISION_MANUAL ? "yes" : "");
    struct marker marker = marker_of(t->a, c, o->decision.version, o->decision.kind);
    put(t, "marker", marker_text(t->a, &marker));
    return put_checklist(t, e) && put_links(t, e) && put_image(t, e);
}
