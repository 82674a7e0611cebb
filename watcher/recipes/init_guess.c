/* From an address to the source behind it. */
#include "watcher/base/text.h"
#include "watcher/base/url.h"
#include "watcher/recipes/init_parts.h"

#include <string.h>

/* Take one part off a path, without the slash behind it. */
static struct slice take_part(struct slice *path)
{
    struct slice part = {0};
    if (slice_starts(*path, SLICE("/")))
        *path = slice_from(*path, 1);
    slice_split(path, '/', &part);
    return part;
}

static struct slice without(struct slice text, const char *end)
{
    struct slice s = slice_of(end);
    return slice_ends(text, s) ? slice_first(text, text.len - s.len) : text;
}

/* What follows `start`, when the path begins with it. */
static bool follows(struct slice path, const char *start, struct slice *rest)
{
    if (!slice_starts(path, slice_of(start)))
        return false;
    *rest = slice_from(path, strlen(start));
    return true;
}

/* The tag in the rest of a forge's address of an archive or of a release's file. */
static struct slice tag_in(struct slice rest)
{
    struct slice tag = {0};
    if (follows(rest, "releases/download/", &tag))
        return init_next_part(tag);
    if (!follows(rest, "archive/refs/tags/", &tag) && !follows(rest, "tar.gz/refs/tags/", &tag) &&
        !follows(rest, "archive/", &tag) && !follows(rest, "tar.gz/", &tag))
        return tag;
    return without(without(without(tag, ".tar.gz"), ".zip"), ".tgz");
}

/* owner/name on GitHub or Codeberg. */
static const char *forge_source(struct arena *a, const struct url *url, struct slice *tag)
{
    struct slice rest = url->path, owner = take_part(&rest), name = take_part(&rest);
    const char *project =
        arena_printf(a, "%.*s/%.*s", SLICE_ARG(owner), SLICE_ARG(without(name, ".git")));
    const char *scalar = init_quoted(a, slice_of(project));
    bool releases = slice_starts(rest, SLICE("releases/download/"));
    if (slice_empty(owner) || slice_empty(name))
        return NULL;
    if (rest.len)
        *tag = tag_in(rest);
    if (slice_is(url->host, "codeberg.org"))
        return arena_printf(a, "{codeberg: %s}", scalar);
    return arena_printf(a, releases ? "{github: %s}" : "{github: {repository: %s, use: tags}}",
                        scalar);
}

/* A project on a GitLab server, whose archives have "/-/" in their addresses. */
static const char *gitlab_source(struct arena *a, const struct url *url, struct slice *tag)
{
    size_t at = slice_find(url->path, SLICE("/-/archive/"));
    bool usual = slice_is(url->host, "gitlab.com");
    struct slice project = slice_from(without(slice_first(url->path, at), ".git"), 1);
    if (at != SLICE_NONE)
        *tag = init_next_part(slice_from(url->path, at + 11));
    const char *scalar = init_quoted(a, project);
    if (usual)
        return arena_printf(a, "{gitlab: %s}", scalar);
    const char *server = arena_printf(a, "https://%.*s", SLICE_ARG(url->host));
    return arena_printf(a, "{gitlab: {project: %s, server: %s}}", scalar,
                        init_quoted(a, slice_of(server)));
}

static const char *hosted_source(struct arena *a, const struct init_address *address,
                                 const struct url *url, struct slice *tag)
{
    if (slice_is(url->host, "github.com") || slice_is(url->host, "codeload.github.com") ||
        slice_is(url->host, "codeberg.org"))
        return forge_source(a, url, tag);
    if (slice_contains(url->path, SLICE("/-/archive/")) || slice_is(url->host, "gitlab.com"))
        return gitlab_source(a, url, tag);
    if (address->checkout)
        return arena_printf(a, "{git: %s}", init_quoted(a, slice_of(address->url)));
    return NULL;
}

/* What follows the version and has a number in it is no suffix that every tag has. */
static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.ptr[i]))
            return true;
    return false;
}

/* Find the version in the tag, as it is or with another separator. */
static void read_tag(struct arena *a, struct slice version, struct init_guess *guess)
{
    static const char *const separators[] = {NULL, "_", "-"};
    struct slice tag = slice_of(guess->tag);
    for (size_t i = 0; i < 3 && !guess->fits; i++) {
        char *spelt = (char *)arena_text(a, version);
        for (char *p = spelt; separators[i] && *p; p++)
            *p = *p == '.' ? separators[i][0] : *p;
        size_t at = slice_find(tag, slice_of(spelt));
        if (at == SLICE_NONE)
            continue;
        struct slice after = slice_from(tag, at + version.len);
        if (has_digit(after))
            continue;
        guess->fits = true;
        guess->separator = separators[i];
        guess->strip_prefix = at ? arena_text(a, slice_first(tag, at)) : NULL;
        guess->strip_suffix = after.len ? arena_text(a, after) : NULL;
    }
}

bool init_guess(struct arena *a, const struct init_address *address, struct slice version,
                struct init_guess *out)
{
    struct url url;
    struct slice tag = slice_of(address->tag), whole = slice_of(address->url);
    *out = (struct init_guess){0};
    if (!url_parse(whole, &url) || slice_contains(whole, SLICE("${{")) || !text_is_visible(whole) ||
        !text_is_visible(tag))
        return false;
    const char *source = hosted_source(a, address, &url, &tag);
    if (!source)
        source = init_ruled(a, address->url, version);
    if (!source || !init_is_source(a, source))
        return false;
    out->source = source;
    if (!slice_empty(tag)) {
        out->tag = arena_text(a, tag);
        read_tag(a, version, out);
    }
    return true;
}
