/* The words of a proposal. Whatever upstream wrote is made harmless before it gets into a template.
 */
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/markdown.h"
#include "watcher/plan.h"

#include <string.h>

/* GitHub takes 65,536 characters; the rest of the body needs room too. */
enum { LONGEST_NOTES = 30000, LONGEST_BODY = 65000 };

struct teller {
    struct outcome *o;
    struct arena *a;
    struct values values;
};

static void put(struct teller *t, const char *name, const char *value)
{
    vec_push(t->a, &t->values.list, ((struct template_value){name, value}));
}

/* The buffer's text as a value; the buffer is released. */
static void put_buf(struct teller *t, const char *name, struct buf *text)
{
    put(t, name, arena_text(t->a, buf_slice(text)));
    buf_free(text);
}

static void put_code(struct teller *t, const char *name, const char *text)
{
    struct buf out = {0};
    if (text)
        markdown_add_code(&out, slice_of(text));
    put_buf(t, name, &out);
}

static void put_plain(struct teller *t, const char *name, const char *text)
{
    struct buf out = {0};
    if (text)
        markdown_add(&out, slice_of(text));
    put_buf(t, name, &out);
}

static void put_heading(struct teller *t)
{
    struct buf title = {0}, out = {0};
    component_add_title(&title, t->o->component);
    markdown_add(&out, buf_slice(&title));
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
        markdown_add_code(&out, slice_of(spec->values[0]));
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

/* A link target that cannot leave its brackets: only visible ASCII without blanks and closing
 * marks. */
static bool is_safe_target(const char *url)
{
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return false;
    for (; *url; url++)
        if (*url <= ' ' || *url > '~' || strchr("()<>[]\"'`\\", *url))
            return false;
    return true;
}

static void add_link(struct buf *out, const char *title, const char *url)
{
    if (!is_safe_target(url))
        return;
    buf_add_text(out, "- [");
    markdown_add(out, slice_of(title));
    buf_addf(out, "](%s)\n", url);
}

/* The tag of the pinned version, spelt as upstream spells the new one. */
static const char *old_tag(struct teller *t)
{
    const char *tag = t->o->decision.candidate.raw, *version = t->o->decision.version;
    const char *at = tag ? strstr(tag, version) : NULL;
    if (!at || !t->o->component->current)
        return NULL;
    return arena_printf(t->a, "%.*s%s%s", (int)(at - tag), tag, t->o->component->current,
                        at + strlen(version));
}

static void add_compare(struct teller *t, struct buf *out)
{
    const struct spec *spec = &t->o->component->spec;
    const char *repository = spec_value(spec, "repository"), *old = old_tag(t);
    if (strcmp(spec->source->name, "github") != 0 || !repository || !old)
        return;
    bool whole = strncmp(repository, "https://", 8) == 0;
    add_link(out, "Compare",
             arena_printf(t->a, "%s%s/compare/%s...%s", whole ? "" : "https://github.com/",
                          repository, old, t->o->decision.candidate.raw));
}

static bool put_links(struct teller *t, struct error *e)
{
    const struct component *c = t->o->component;
    struct buf out = {0};
    bool good = true;
    if (t->o->decision.candidate.url)
        add_link(&out, "Release", t->o->decision.candidate.url);
    add_compare(t, &out);
    for (size_t i = 0; i < c->links.count && good; i++) {
        const char *url;
        good = release_expand(t->a, c, &t->o->release, c->links.items[i].url, &url, e);
        if (good)
            add_link(&out, c->links.items[i].title, url);
    }
    put_buf(t, "links", &out);
    return good;
}

static void add_change(struct buf *out, const char *file, const struct edit *edit)
{
    buf_add_text(out, "- ");
    markdown_add_code(out, slice_of(file));
    buf_add_byte(out, ' ');
    markdown_add_code(out, slice_of(edit->path));
    buf_add_text(out, ": ");
    markdown_add_code(out, slice_of(edit->old_text));
    buf_add_text(out, " → ");
    markdown_add_code(out, slice_of(edit->new_text));
    buf_add_byte(out, '\n');
}

static void put_changed(struct teller *t)
{
    const struct change_set *set = t->o->changes;
    struct buf out = {0};
    for (size_t i = 0; i < set->files.count; i++)
        for (size_t k = 0; k < set->files.items[i].edits.list.count; k++)
            add_change(&out, set->files.items[i].file, &set->files.items[i].edits.list.items[k]);
    put_buf(t, "changed", &out);
}

static void add_proof(struct buf *out, const struct proof *p)
{
    buf_add_text(out, "- ");
    markdown_add_code(out, slice_of(p->url));
    buf_add_text(out, "\n  ");
    if (p->hash.size) {
        text_add_size(out, p->hash.size);
        buf_add_text(out, ", ");
    }
    buf_addf(out, "SHA-256 `%s`", p->hash.sha256);
    if (p->state == PROOF_CONFIRMED) {
        buf_add_text(out, "\n  **confirmed** by ");
        markdown_add(out, slice_of(p->confirmed_by));
    } else {
        buf_add_text(out, "\n  unconfirmed: upstream publishes no checksum that mwatch knows of");
    }
    buf_add_byte(out, '\n');
}

static void add_commit(struct buf *out, const struct renewal *r)
{
    if (r->kind != PIN_COMMIT || !r->value)
        return;
    bool head = !r->ref && r->branch;
    buf_add_text(out, head ? "- the head of branch " : "- tag ");
    markdown_add_code(out, slice_of(head ? r->branch : r->ref));
    buf_addf(out, " is commit `%s`%s in ", r->value, head ? "" : " (peeled)");
    markdown_add_code(out, slice_of(r->repository));
    buf_add_byte(out, '\n');
}

static void put_proof(struct teller *t)
{
    const struct outcome *o = t->o;
    struct buf out = {0};
    for (size_t i = 0; i < o->proofs.count; i++)
        add_proof(&out, &o->proofs.items[i]);
    for (size_t i = 0; i < o->renewals.list.count; i++)
        add_commit(&out, &o->renewals.list.items[i]);
    if (out.len == 0)
        buf_add_text(&out, "The recipe pins no hash and no commit of this component.\n");
    put_buf(t, "proof", &out);
}

static void put_list(struct teller *t, const char *name, const char *mark, const char *const *items,
                     size_t count)
{
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&out, mark);
        markdown_add(&out, slice_of(items[i]));
        buf_add_byte(&out, '\n');
    }
    put_buf(t, name, &out);
}

/* Without a checklist of the recipe's own, what every such move needs. */
static void put_checklist(struct teller *t)
{
    static const char *const common[] = {"read the release notes for breaking changes",
                                         "move the recipe and build the image",
                                         "run the image's tests"};
    const struct component *c = t->o->component;
    if (c->checklist.count)
        put_list(t, "checklist", "- [ ] ", c->checklist.items, c->checklist.count);
    else
        put_list(t, "checklist", "- [ ] ", common, sizeof common / sizeof *common);
}

/* As upstream wrote them, but in a block, where nothing pings, links or renders. */
static void put_notes(struct teller *t)
{
    const char *notes = t->o->decision.candidate.notes;
    struct buf out = {0}, safe = {0};
    struct slice rest = slice_of(notes), line;
    while (slice_line(&rest, &line) && safe.len + line.len < LONGEST_NOTES) {
        text_add_visible(&safe, line);
        buf_add_byte(&safe, '\n');
    }
    if (rest.len)
        buf_add_text(&safe, "[...]\n");
    if (safe.len)
        markdown_add_block(&out, "text", buf_slice(&safe));
    buf_free(&safe);
    put_buf(t, "notes", &out);
}

static bool put_image(struct teller *t, struct error *e)
{
    const struct component *c = t->o->component;
    if (c->image && !release_expand(t->a, c, &t->o->release, c->image, &t->o->changes->image, e))
        return false;
    put_code(t, "image", t->o->changes->image);
    return true;
}

static bool put_all(struct teller *t, struct error *e)
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
    put_proof(t);
    put_list(t, "left", "- ", o->changes->notes.items, o->changes->notes.count);
    put_list(t, "warnings", "- ", o->warnings.items, o->warnings.count);
    put_checklist(t);
    put_notes(t);
    put(t, "manual", o->decision.kind == DECISION_MANUAL ? "yes" : "");
    put(t, "marker", plan_marker(t->a, c, o->decision.version, o->decision.kind));
    return put_links(t, e) && put_image(t, e);
}

static bool fill(struct teller *t, const char *name, const char **out, struct error *e)
{
    struct buf text = BUF_MAX(LONGEST_BODY);
    bool good = template_expand(slice_of(template_builtin(name)), t->values.list.items,
                                t->values.list.count, &text, e);
    if (good)
        *out = arena_text(t->a, buf_slice(&text));
    buf_free(&text);
    return good || error_context(e, "%s", name);
}

/* The commit message is no Markdown: plain text, and only what is known to be plain. */
static bool put_message(struct teller *t, struct error *e)
{
    const struct outcome *o = t->o;
    struct buf proof = {0};
    t->values.list.count = 0;
    for (size_t i = 0; i < o->proofs.count; i++)
        buf_addf(&proof, "%s\n%s %s\n", o->proofs.items[i].url, o->proofs.items[i].hash.sha256,
                 proof_state_name(o->proofs.items[i].state));
    put(t, "subject", o->changes->title);
    put(t, "file", o->component->file);
    put(t, "from", o->component->current);
    put(t, "to", o->decision.version);
    put(t, "tag", o->decision.candidate.raw);
    put(t, "commit", o->decision.candidate.commit);
    put_buf(t, "proof", &proof);
    return fill(t, "commit.txt", &o->changes->message, e);
}

static void make_title(struct teller *t, bool issue)
{
    struct outcome *o = t->o;
    struct buf out = {0};
    component_add_title(&out, o->component);
    if (o->decision.kind == DECISION_RETAGGED)
        buf_addf(&out, ": rebuild %s with the commit its tag names now", o->decision.version);
    else if (issue)
        buf_addf(&out, ": %s %s is out", decision_name(o->decision.kind), o->decision.version);
    else
        buf_addf(&out, ": update to %s", o->decision.version);
    o->changes->title = arena_text(&o->arena, buf_slice(&out));
    buf_free(&out);
}

bool plan_texts(struct outcome *o, struct error *e)
{
    struct teller t = {.o = o, .a = &o->arena};
    bool issue = !outcome_rewrites(o);
    make_title(&t, issue);
    if (!put_all(&t, e))
        return false;
    if (issue)
        return fill(&t, "issue.md", &o->changes->body, e);
    o->changes->branch = plan_branch(t.a, o->component);
    return fill(&t, "pull-request.md", &o->changes->body, e) && put_message(&t, e);
}
