/* Auto-merge, which only GraphQL knows. */
#include "git/github_parts.h"

#include <string.h>
#include <strings.h>

static const char mutation[] =
    "mutation($input: EnablePullRequestAutoMergeInput!) { enablePullRequestAutoMerge(input: "
    "$input) { pullRequest { number autoMergeRequest { enabledAt } } } }";

static const char disabling[] =
    "mutation($input: DisablePullRequestAutoMergeInput!) { disablePullRequestAutoMerge(input: "
    "$input) { pullRequest { number autoMergeRequest { enabledAt } } } }";

static const char *const methods[] = {
    [MERGE_SQUASH] = "SQUASH",
    [MERGE_MERGE] = "MERGE",
    [MERGE_REBASE] = "REBASE",
};

#define NOTHING_TO_WAIT                                                                            \
    "nothing keeps it from being merged right away, so GitHub takes no auto-merge: require a "     \
    "status check or a review for the base branch under Settings > Branches, or merge it by hand"

/* What GitHub says, and what it means to who reads it. */
static const struct {
    const char *part;
    enum error_code code;
    const char *meaning;
} meanings[] = {
    {"auto merge is not allowed", ERROR_REFUSED,
     "the repository allows no auto-merge: switch on \"Allow auto-merge\" under Settings > General "
     "> Pull Requests"},
    {"clean status", ERROR_REFUSED, NOTHING_TO_WAIT},
    {"unstable status", ERROR_REFUSED, NOTHING_TO_WAIT},
    {"has_hooks status", ERROR_REFUSED, NOTHING_TO_WAIT},
    {"protected branch rules not configured", ERROR_REFUSED, NOTHING_TO_WAIT},
    {"draft", ERROR_REFUSED, "a draft cannot be merged: mark it ready for review first"},
    {"dirty status", ERROR_CONFLICT, "it conflicts with its base branch"},
    {"merging is not allowed", ERROR_REFUSED,
     "the repository does not allow this merge method: allow it under Settings > General > Pull "
     "Requests, or configure another"},
    {"merge commits are not allowed", ERROR_REFUSED,
     "the repository does not allow this merge method: allow it under Settings > General > Pull "
     "Requests, or configure another"},
    {"head sha", ERROR_CONFLICT, "somebody pushed to its branch meanwhile"},
    {"head oid", ERROR_CONFLICT, "somebody pushed to its branch meanwhile"},
    {"head branch was modified", ERROR_CONFLICT, "somebody pushed to its branch meanwhile"},
    {"closed", ERROR_CONFLICT, "it is closed by now"},
    {"already merged", ERROR_CONFLICT, "it is merged by now"},
};

static bool has_part(const char *text, const char *part)
{
    for (; *text; text++)
        if (strncasecmp(text, part, strlen(part)) == 0)
            return true;
    return false;
}

/* Replace GitHub's words by what they mean; what is not known stays as it is. */
static bool explain(const char *why, const struct proposal *p, struct error *e)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (has_part(why, meanings[i].part)) {
            error_clear(e);
            return error_set(e, meanings[i].code, "GitHub: no auto-merge for pull request %llu: %s",
                             p->number, meanings[i].meaning);
        }
    if (e->code == ERROR_UPSTREAM)
        e->code = ERROR_REFUSED;
    return false;
}

static bool switch_on(struct forge_session *s, const struct proposal *p, enum merge_method method,
                      struct error *e)
{
    struct arena a = {0};
    struct reply r;
    const char *why;
    bool good = true;
    if (!pacer_take(&s->pacer, s->ctx, e))
        return false;
    json_t *input = json_pack("{s:s, s:s, s:s}", "pullRequestId", p->node, "mergeMethod",
                              methods[method], "expectedHeadOid", p->head);
    const char *what = arena_printf(&a, "switch auto-merge on for pull request %llu", p->number);
    if (!github_query(s, &a, mutation, json_pack("{s:o}", "input", input), what, &r, &why, e))
        good = explain(why, p, e);
    arena_free(&a);
    return good;
}

/* Did somebody else switch it off? What was read for labels and people is not read again, but
 * serves only once: it grows old. */
static bool was_switched_off(struct forge_session *s, const struct proposal *p, bool *off,
                             struct error *e)
{
    struct arena a = {0};
    struct history past = {.auto_merge_off = s->auto_merge_off};
    bool good = s->written == p->number || github_history(s, &a, p, &past, e);
    s->written = 0;
    *off = past.auto_merge_off;
    arena_free(&a);
    return good;
}

bool github_auto_merge(struct forge_session *s, const struct proposal *p, enum merge_method method,
                       struct error *e)
{
    bool off = false;
    if (p->auto_merge)
        return true;
    if (p->draft)
        return explain("draft", p, e);
    return was_switched_off(s, p, &off, e) && (off || switch_on(s, p, method, e));
}

bool github_no_auto_merge(struct forge_session *s, const struct proposal *p, struct error *e)
{
    struct arena a = {0};
    struct reply r;
    const char *why;
    if (!p->auto_merge)
        return true;
    if (!pacer_take(&s->pacer, s->ctx, e))
        return false;
    json_t *input = json_pack("{s:s}", "pullRequestId", p->node);
    const char *what = arena_printf(&a, "switch auto-merge off for pull request %llu", p->number);
    bool good =
        github_query(s, &a, disabling, json_pack("{s:o}", "input", input), what, &r, &why, e);
    arena_free(&a);
    return good;
}
