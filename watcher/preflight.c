#include "watcher/preflight_parts.h"

#include "watcher/release.h"
#include "watcher/trigger_send.h"

#include <stdlib.h>
#include <string.h>

void preflight_say(struct preflight *f, enum finding kind, const char *format, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    f->say(f->arg, kind, buf_text(&text));
    buf_free(&text);
}

/* Components that are watched and whose policy may do this. */
static size_t count_policy(const struct preflight *f, enum action action)
{
    size_t count = 0;
    for (size_t i = 0; i < f->found->count; i++) {
        const struct component *c = f->found->items[i];
        const struct policy *p = &c->policy;
        count += !c->disabled && (p->patch == action || p->minor == action || p->major == action ||
                                  p->new_stream == action);
    }
    return count;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void look_at_repository(struct preflight *f)
{
    size_t issues = count_policy(f, ACTION_ISSUE);
    if (f->facts.archived)
        preflight_say(f, FINDING_BAD, "%s is archived: nothing can be proposed there",
                      f->facts.repository);
    if (!f->facts.issues_enabled && issues)
        preflight_say(f, FINDING_WARNING,
                      "%s has no issues, which %zu component%s would open for larger moves: switch "
                      "them on under Settings > General > Features, or change policy",
                      f->facts.repository, issues, plural(issues));
}

/* ---- labels ---- */

/* Those of all components, each once. A template that wants a release is left out. */
static void wanted_labels(struct preflight *f, struct texts *out)
{
    for (size_t i = 0; i < f->found->count; i++) {
        const struct component *c = f->found->items[i];
        struct release r = {.version = c->current, .tag = c->current, .epoch = c->epoch};
        for (size_t k = 0; !c->disabled && k < c->labels.count; k++) {
            struct error ignored = {0};
            const char *label;
            bool known = false;
            if (!release_expand(f->a, c, &r, c->labels.items[k], &label, &ignored) || !*label)
                continue;
            for (size_t n = 0; n < out->count; n++)
                known = known || slice_equal_nocase(slice_of(out->items[n]), slice_of(label));
            if (!known)
                vec_push(f->a, out, label);
        }
    }
}

static void drop_there(struct texts *wanted, const struct texts *there)
{
    size_t kept = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        bool found = false;
        for (size_t k = 0; k < there->count; k++)
            found =
                found || slice_equal_nocase(slice_of(wanted->items[i]), slice_of(there->items[k]));
        if (!found)
            wanted->items[kept++] = wanted->items[i];
    }
    wanted->count = kept;
}

enum { LABELS_SHOWN = 5 };

static void look_at_labels(struct preflight *f)
{
    struct texts wanted = {0}, there = {0};
    struct error e = {0};
    struct buf list = {0};
    wanted_labels(f, &wanted);
    size_t all = wanted.count;
    if (!all)
        return;
    if (!f->p->forge->labels(f->p->session, f->a, &there, &e)) {
        preflight_say(f, FINDING_WARNING, "%s", e.message);
        return;
    }
    drop_there(&wanted, &there);
    for (size_t i = 0; i < wanted.count && i < LABELS_SHOWN; i++)
        buf_addf(&list, "%s%s", i ? ", " : "", wanted.items[i]);
    if (wanted.count > LABELS_SHOWN)
        buf_addf(&list, " and %zu more", wanted.count - LABELS_SHOWN);
    if (!wanted.count)
        preflight_say(f, FINDING_GOOD, "all %zu label%s there", all, all == 1 ? " is" : "s are");
    else
        preflight_say(f, FINDING_NOTE, "labels that are missing, and made when they are needed: %s",
                      buf_text(&list));
    buf_free(&list);
}

/* ---- auto-merge ---- */

static const char *method_name(const struct component *c)
{
    return c->merge_method ? c->merge_method : "squash";
}

static bool method_allowed(const struct forge_facts *facts, const char *method)
{
    if (strcmp(method, "merge") == 0)
        return facts->merge_allowed;
    return strcmp(method, "rebase") == 0 ? facts->rebase_allowed : facts->squash_allowed;
}

static void look_at_methods(struct preflight *f)
{
    static const char *const methods[] = {"squash", "merge", "rebase"};
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        size_t count = 0;
        for (size_t i = 0; i < f->found->count; i++) {
            const struct component *c = f->found->items[i];
            bool merges = c->policy.patch == ACTION_MERGE || c->policy.minor == ACTION_MERGE ||
                          c->policy.major == ACTION_MERGE || c->policy.new_stream == ACTION_MERGE;
            count += !c->disabled && merges && strcmp(method_name(c), methods[m]) == 0;
        }
        if (count && !method_allowed(&f->facts, methods[m]))
            preflight_say(f, FINDING_WARNING,
                          "%zu component%s merge by %s, which %s does not allow: allow it under "
                          "Settings > General > Pull Requests, or set merge-method",
                          count, plural(count), methods[m], f->facts.repository);
    }
}

static const char *base_of(const struct preflight *f)
{
    return f->p->config->base ? f->p->config->base : f->facts.default_branch;
}

static void look_at_protection(struct preflight *f)
{
    struct forge_protection protection;
    struct error e = {0};
    const char *base = base_of(f);
    if (!f->p->forge->protection(f->p->session, f->a, base, &protection, &e))
        preflight_say(f, FINDING_WARNING, "%s", e.message);
    else if (protection.wants_checks)
        preflight_say(f, FINDING_GOOD, "auto-merge waits for the checks that %s requires", base);
    else if (protection.wants_reviews || protection.is_protected)
        preflight_say(
            f, FINDING_WARNING,
            "%s is protected, but requires no status check: auto-merge waits for a review "
            "at most, never for CI",
            base);
    else
        preflight_say(f, FINDING_WARNING,
                      "%s requires nothing before a merge, and GitHub takes no auto-merge where "
                      "nothing is waited for: require a status check under Settings > Branches",
                      base);
}

static void look_at_merging(struct preflight *f)
{
    size_t count = count_policy(f, ACTION_MERGE);
    if (!count)
        return;
    if (!f->facts.auto_merge_allowed)
        preflight_say(f, FINDING_WARNING,
                      "%zu component%s merge by policy, but %s allows no auto-merge: switch on "
                      "\"Allow auto-merge\" under Settings > General > Pull Requests",
                      count, plural(count), f->facts.repository);
    look_at_methods(f);
    look_at_protection(f);
}

/* ---- triggers ---- */

static void look_at_trigger(struct preflight *f, const struct config_trigger *t)
{
    struct forge_target target;
    struct error e = {0};
    struct buf name = {0};
    trigger_add_name(&name, t);
    if (!f->p->forge->target(f->p->session, f->a, t->repository, t->workflow, &target, &e))
        preflight_say(f, FINDING_WARNING, "trigger: %s: %s", buf_text(&name), e.message);
    else if (target.archived)
        preflight_say(f, FINDING_WARNING, "trigger: %s: %s is archived", buf_text(&name),
                      target.repository);
    else if (target.workflow_state && strcmp(target.workflow_state, "active") != 0)
        preflight_say(f, FINDING_WARNING, "trigger: %s: the workflow is not active but %s",
                      buf_text(&name), target.workflow_state);
    else if (target.rights_known && !target.may_push)
        preflight_say(f, FINDING_WARNING, "trigger: %s: the token may not write there",
                      buf_text(&name));
    else
        preflight_say(f, FINDING_GOOD, "trigger: %s can be reached", buf_text(&name));
    buf_free(&name);
}

static bool read_facts(struct preflight *f)
{
    struct error e = {0};
    tokens_secret(f->p->tokens, &e); /* an App's cannot always be had, and then this says why */
    if (error_is_set(&e) || !f->p->forge->facts(f->p->session, f->a, &f->facts, &e)) {
        preflight_say(f, FINDING_BAD, "%s", e.message);
        return false;
    }
    f->is_workflow = tokens_kind(f->p->tokens) != TOKEN_APP &&
                     slice_starts(slice_of(f->facts.login), SLICE("github-actions"));
    return true;
}

void preflight_run(struct proposer *p, const struct config *config, const struct components *found,
                   void (*say)(void *arg, enum finding kind, const char *text), void *arg)
{
    struct preflight f = {
        .p = p, .config = config, .found = found, .say = say, .arg = arg, .a = &p->arena};
    if (!read_facts(&f))
        return;
    preflight_token(&f);
    look_at_repository(&f);
    look_at_labels(&f);
    look_at_merging(&f);
    for (size_t i = 0; i < p->config->triggers.count; i++)
        look_at_trigger(&f, &p->config->triggers.items[i]);
}
