/* The words of a proposal: title, body, branch, commit message. */
#include "watcher/plan.h"
#include "watcher/plan_words.h"
#include "watcher/templates.h"

#include <string.h>

enum { LONGEST_PROOF = 8000, LONGEST_LINE = 500 /* columns */, LEAST_ROOM = 4000 };

static void put(struct teller *t, const char *name, const char *value)
{
    vec_push(t->a, &t->values.list, ((struct template_value){name, value ? value : ""}));
}

/* ERROR_SYSTEM when it does not fit into `most` bytes. */
static bool fill(struct teller *t, enum template_kind kind, size_t most, const char **out,
                 struct error *e)
{
    struct buf text = BUF_MAX(most);
    bool good = template_expand(slice_of(templates_text(t->templates, kind)), t->values.list.items,
                                t->values.list.count, &text, e);
    if (good)
        *out = arena_text(t->a, buf_slice(&text));
    else if (text.overflow)
        e->code = ERROR_SYSTEM;
    buf_free(&text);
    return good || error_context(e, "%s", template_file(kind));
}

/* A template of the repository's own may say things twice: they are cut until all of it fits. */
static bool fill_body(struct teller *t, enum template_kind kind, const char **out, struct error *e)
{
    for (t->room = PLAN_BODY;; t->room /= 2) {
        t->values.list.count = 0;
        if (!plan_values(t, e))
            return false;
        if (fill(t, kind, PLAN_BODY, out, e))
            return true;
        if (e->code != ERROR_SYSTEM || t->room < LEAST_ROOM)
            return false;
        error_clear(e);
    }
}

bool plan_section(const struct templates *templates, struct outcome *o, size_t room,
                  const char **out, struct error *e)
{
    struct teller t = {.o = o, .a = &o->arena, .templates = templates, .room = room};
    return plan_values(&t, e) && fill(&t, TEMPLATE_GROUP_MEMBER, PLAN_BODY, out, e);
}

/* GitHub acts on commit messages: @mentions, "closes #1", "[skip ci]". A tag that could hold one is
 * left out. */
static const char *plain_tag(const char *tag)
{
    for (size_t i = 0; tag && tag[i]; i++) {
        bool at = tag[i] == '@' && i > 0 && (is_letter(tag[i - 1]) || is_digit(tag[i - 1]));
        if (!is_letter(tag[i]) && !is_digit(tag[i]) && !strchr("._+/-", tag[i]) && !at)
            return NULL;
    }
    return tag;
}

/* The commit message is no Markdown: plain text, and only what is known to be plain. */
static bool put_message(struct teller *t, struct error *e)
{
    const struct outcome *o = t->o;
    struct buf proof = {0}, rebuilt = {0}, fixed = {0};
    t->values.list.count = 0;
    for (size_t i = 0; i < o->proofs.count && proof.len < LONGEST_PROOF; i++)
        buf_addf(&proof, "%s\n%s %s\n", plan_cut(t->a, o->proofs.items[i].url, LONGEST_LINE),
                 o->proofs.items[i].hash.sha256, proof_state_name(o->proofs.items[i].state));
    put(t, "subject", o->changes->title);
    put(t, "file", plan_cut(t->a, o->component->file, LONGEST_LINE));
    put(t, "from", o->component->current);
    put(t, "to", o->decision.version);
    put(t, "tag", plain_tag(o->decision.candidate.raw));
    put(t, "commit", o->decision.candidate.commit);
    plan_add_rebuilt(o->changes, &rebuilt);
    plan_add_fixed(o, &fixed);
    put(t, "fixed", arena_text(t->a, buf_slice(&fixed)));
    buf_free(&fixed);
    put(t, "proof", arena_text(t->a, buf_slice(&proof)));
    put(t, "dependents", arena_text(t->a, buf_slice(&rebuilt)));
    put(t, "members", "");
    buf_free(&proof);
    buf_free(&rebuilt);
    return fill(t, TEMPLATE_COMMIT, PLAN_BODY, &o->changes->message, e);
}

static const char *usual_title(struct teller *t, const char *name, bool issue)
{
    const struct outcome *o = t->o;
    size_t dependents = plan_dependents(o->changes);
    struct buf out = {0};
    buf_add_text(&out, name);
    if (o->decision.kind == DECISION_RETAGGED)
        buf_addf(&out, ": rebuild %s with the commit its tag names now", o->decision.version);
    else if (issue)
        buf_addf(&out, ": %s %s is out", decision_name(o->decision.kind), o->decision.version);
    else
        buf_addf(&out, ": update to %s", o->decision.version);
    if (dependents)
        buf_addf(&out, ", rebuild %zu dependent%s", dependents, dependents == 1 ? "" : "s");
    const char *title = arena_text(t->a, buf_slice(&out));
    buf_free(&out);
    return title;
}

bool plan_title(struct arena *a, const char *template, const struct values *values,
                const char **out, struct error *e)
{
    struct buf text = {0};
    bool good =
        template_expand(slice_of(template), values->list.items, values->list.count, &text, e);
    if (good)
        *out = plan_cut(a, arena_text(a, slice_trim(buf_slice(&text))), PLAN_TITLE);
    buf_free(&text);
    return good || error_context(e, "templates: title");
}

/* What moved is told in mwatch's own words: nobody should merge it without having read them. */
static bool make_title(struct teller *t, bool issue, struct error *e)
{
    const struct outcome *o = t->o;
    const struct templates *own = t->templates;
    const char *template = own ? issue ? own->issue_title : own->title : NULL;
    size_t rebuilt = plan_dependents(o->changes);
    struct buf heading = {0};
    component_add_title(&heading, o->component);
    const char *name = plan_cut(t->a, buf_text(&heading), PLAN_TITLE - SCHEME_LONGEST / 2);
    buf_free(&heading);
    if (!template || o->decision.kind == DECISION_RETAGGED) {
        o->changes->title = usual_title(t, name, issue);
        return true;
    }
    t->values.list.count = 0;
    put(t, "heading", name);
    put(t, "recipe", o->component->recipe);
    put(t, "component", o->component->name);
    put(t, "from", o->component->current);
    put(t, "to", o->decision.version);
    put(t, "decision", decision_name(o->decision.kind));
    put(t, "rebuilt", rebuilt ? arena_printf(t->a, "%zu", rebuilt) : "");
    return plan_title(t->a, template, &t->values, &o->changes->title, e);
}

bool plan_texts(const struct templates *templates, struct outcome *o, struct error *e)
{
    struct teller t = {.o = o, .a = &o->arena, .templates = templates, .room = PLAN_BODY};
    bool issue = !outcome_rewrites(o);
    if (!make_title(&t, issue, e) || !plan_labels(o, e) ||
        !fill_body(&t, issue ? TEMPLATE_ISSUE : TEMPLATE_PULL_REQUEST, &o->changes->body, e))
        return false;
    if (issue)
        return true;
    o->changes->branch = plan_branch(t.a, o->component, o->decision.kind);
    return put_message(&t, e);
}
