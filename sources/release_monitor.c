/* release-monitor: the versions that release-monitoring.org (Anitya) found of a project. Its API
 * is described in Anitya's anitya/api_v2.py, class VersionsResource. */
#include "sources/answer.h"
#include "sources/candidate.h"

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct slice server = spec_server(spec, "server");
    (void)page;
    (void)e;
    *out = (struct request){
        .url = arena_printf(a, "%.*s/api/v2/versions/?project_id=%s", SLICE_ARG(server),
                            spec_value(spec, "project")),
        .headers = {{"Accept", "application/json"}},
    };
    return true;
}

/* The versions that Anitya does not take for pre-releases. */
static struct seen stable_versions(struct arena *a, const json_t *list)
{
    struct seen stable = seen_new(a);
    const json_t *version;
    size_t i;
    json_array_foreach(list, i, version)
        seen_add(&stable, slice_new(json_string_value(version), json_string_length(version)));
    return stable;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    const json_t *root = answer_json(response, a, e), *version;
    const json_t *all = json_object_get(root, "versions");
    const json_t *few = json_object_get(root, "stable_versions");
    size_t i;
    (void)spec;
    (void)page;
    if (!root)
        return false;
    if (!json_is_array(all))
        return error_set(e, ERROR_UPSTREAM, "the answer has no list \"versions\"");
    struct seen stable = stable_versions(a, few);
    json_array_foreach(all, i, version)
    {
        struct slice raw = slice_new(json_string_value(version), json_string_length(version));
        if (slice_empty(raw))
            return error_set(e, ERROR_UPSTREAM, "version %zu of the answer is no text", i + 1);
        struct candidate *c = candidate_add(a, out, raw, e);
        if (!c)
            return false;
        if (json_is_array(few) && !seen_has(&stable, raw))
            c->flags = CANDIDATE_PRERELEASE;
    }
    return true;
}

const struct source source_release_monitor = {
    .name = "release-monitor",
    .summary = "what release-monitoring.org knows of a project",
    .example = "release-monitor: 1227",
    .keys =
        {
            {"project", KEY_INT, true, NULL, "the project's number there", NULL},
            {"server", KEY_URL, false, "https://release-monitoring.org",
             "a server with the same API (Anitya)", NULL},
        },
    .request = request,
    .parse = parse,
};
