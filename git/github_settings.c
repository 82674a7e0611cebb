/* What the repository's settings say. */
#include "git/github_parts.h"

/* The old way: branch protection, of which the branch itself tells a summary. */
static bool read_branch(struct forge_session *s, struct arena *a, const char *branch,
                        struct forge_protection *out, struct error *e)
{
    struct reply r;
    const char *path = github_path(s, a, "/branches/%s", github_escape(a, branch, false));
    const char *what = arena_printf(a, "read branch %s", branch);
    if (!github_do(s, a, &(struct call){.method = "GET", .path = path}, what, &r, e))
        return false;
    const json_t *checks =
        json_object_get(json_object_get(r.json, "protection"), "required_status_checks");
    out->is_protected = json_flag(r.json, "protected");
    out->wants_checks = json_array_size(json_object_get(checks, "contexts")) > 0 ||
                        json_array_size(json_object_get(checks, "checks")) > 0;
    return true;
}

/* Rulesets: one rule of all that hold for the branch. */
static bool take_rule(void *arg, const json_t *rule, struct error *e)
{
    static const char *const checks[] = {"required_status_checks", "workflows",
                                         "required_deployments", "merge_queue", "code_scanning"};
    struct forge_protection *out = arg;
    struct slice type = json_text(rule, "type");
    (void)e;
    out->is_protected = true;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        out->wants_checks = out->wants_checks || slice_is(type, checks[i]);
    const json_t *parameters = json_object_get(rule, "parameters");
    out->wants_reviews =
        out->wants_reviews || (slice_is(type, "pull_request") &&
                               json_number(parameters, "required_approving_review_count", 0) > 0);
    return true;
}

bool github_protection(struct forge_session *s, struct arena *a, const char *branch,
                       struct forge_protection *out, struct error *e)
{
    *out = (struct forge_protection){0};
    if (!github_identify(s, e) || !read_branch(s, a, branch, out, e))
        return false;
    struct error none = {0};
    const char *path =
        github_path(s, a, "/rules/branches/%s?per_page=100", github_escape(a, branch, false));
    /* Old servers of one's own know no rulesets. */
    if (github_pages(s, path, "read the rules of the branch", take_rule, out, &none) ||
        none.code == ERROR_REFUSED)
        return true;
    return error_set(e, none.code, "%s", none.message);
}
