#include "watcher/api_host.h"

#include "watcher/base/url.h"

#include <stdlib.h>
#include <string.h>

static struct slice variable(const char *name)
{
    struct slice value = slice_of(getenv(name));
    while (slice_ends(value, SLICE("/")))
        value.len--;
    return value;
}

static struct slice api_url(void)
{
    struct slice url = variable("GITHUB_API_URL");
    return url.len ? url : SLICE("https://api.github.com");
}

static bool is_own_port(const struct url *url)
{
    return url->port.len == 0 || (slice_is(url->scheme, "https") && slice_is(url->port, "443")) ||
           (slice_is(url->scheme, "http") && slice_is(url->port, "80"));
}

static bool is_at(struct slice text, struct slice host)
{
    struct url url;
    if (!url_parse(text, &url) || !slice_equal_nocase(slice_first(host, url.host.len), url.host))
        return false;
    struct slice rest = slice_from(host, url.host.len);
    if (is_own_port(&url))
        return rest.len == 0;
    return slice_starts(rest, SLICE(":")) && slice_equal(slice_from(rest, 1), url.port);
}

/* Does a mirror of `prefix` stand for the API, or for a part of it? */
static bool covers(struct slice prefix, struct slice api)
{
    if (slice_starts(api, prefix))
        return true;
    return slice_starts(prefix, api) && slice_starts(slice_from(prefix, api.len), SLICE("/"));
}

bool api_host(const char *host, const struct mirror *given, size_t count)
{
    struct slice name = slice_of(host), api = api_url();
    if (is_at(api, name) || is_at(variable("GITHUB_GRAPHQL_URL"), name))
        return true;
    for (size_t i = 0; i < count; i++)
        if (covers(slice_of(given[i].prefix), api) && is_at(slice_of(given[i].target), name))
            return true;
    return false;
}

bool api_is_public(void)
{
    struct url url;
    return url_parse(api_url(), &url) && slice_is(url.scheme, "https") && is_own_port(&url) &&
           slice_equal_nocase(url.host, SLICE("api.github.com"));
}

bool api_graphql_mirror(struct arena *a, struct mirror *out)
{
    struct slice api = api_url(), graphql = variable("GITHUB_GRAPHQL_URL");
    if (slice_ends(api, SLICE("/api/v3")))
        api.len -= strlen("/v3");
    out->prefix = arena_printf(a, "%.*s/graphql", SLICE_ARG(api));
    out->target = arena_text(a, graphql);
    return graphql.len > 0 && !slice_is(graphql, out->prefix);
}
