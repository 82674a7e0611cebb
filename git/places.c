/* The remote's addresses: from git's configuration or as given, and without secrets. */
#include "git/repository_parts.h"

#include "watcher/base/file.h"
#include "watcher/base/url.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* "git@host:path", but not "C:/x" or "./a:b": as in git, no slash may come before the colon. */
static bool is_ssh_short(struct slice text)
{
    size_t colon = slice_find_byte(text, ':');
    size_t slash = slice_find_byte(text, '/');
    return colon != SLICE_NONE && colon > 1 && (slash == SLICE_NONE || colon < slash);
}

static bool is_address(const char *text)
{
    struct slice s = slice_of(text);
    return slice_contains(s, SLICE("://")) || is_ssh_short(s) || slice_starts(s, SLICE("/")) ||
           slice_starts(s, SLICE("./")) || slice_starts(s, SLICE("../"));
}

/* Git reads a relative path from the top of the work tree. */
static const char *absolute_path(struct repository *r, const char *path)
{
    const char *top = git_repository_workdir(r->user);
    struct buf joined = {0};
    path_join(&joined, slice_of(top ? top : git_repository_path(r->user)), slice_of(path));
    char *real = realpath(buf_text(&joined), NULL);
    const char *copy = arena_copy(&r->arena, real ? real : buf_text(&joined));
    free(real);
    buf_free(&joined);
    return copy;
}

static const char *unescaped(struct repository *r, struct slice text)
{
    struct buf plain = {0};
    const char *copy = NULL;
    if (text.len && url_unescape(&plain, text) && strlen(buf_text(&plain)) == plain.len)
        copy = arena_text(&r->arena, buf_slice(&plain));
    buf_free(&plain);
    return copy;
}

/* What stands before the @ of an https address is kept apart, so that no message has it. ssh needs
 * its user to connect. */
static void split_secret(struct repository *r, const char *url, struct place *out)
{
    struct url parts;
    out->url = url;
    if (!url_parse(slice_of(url), &parts) || !parts.user.len ||
        !slice_starts(parts.scheme, SLICE("http")))
        return;
    struct slice name, rest = parts.user;
    slice_split(&rest, ':', &name);
    out->user_name = unescaped(r, name);
    out->pass_word = unescaped(r, rest);
    size_t start = (size_t)(parts.user.ptr - url);
    out->url =
        arena_printf(&r->arena, "%.*s%s", (int)start, url, parts.user.ptr + parts.user.len + 1);
}

static bool place_read(struct repository *r, const char *address, struct place *out,
                       struct error *e)
{
    struct url parts;
    bool far = slice_contains(slice_of(address), SLICE("://")) || is_ssh_short(slice_of(address));
    if (!far)
        out->url = absolute_path(r, address);
    else
        split_secret(r, arena_copy(&r->arena, address), out);
    if (slice_starts(slice_of(out->url), SLICE("http")) && !url_parse(slice_of(out->url), &parts))
        return error_set(e, ERROR_USAGE, "the remote's address cannot be read");
    return true;
}

static void set_public_url(struct repository *r)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(r->fetch.url));
    r->public_url = arena_text(&r->arena, buf_slice(&shown));
    buf_free(&shown);
}

/* insteadOf and pushInsteadOf have been applied by libgit2. */
static bool read_remote(struct repository *r, git_remote *remote, struct error *e)
{
    const char *url = git_remote_url(remote), *push = git_remote_pushurl(remote);
    if (!url || !*url)
        return error_set(e, ERROR_USAGE, "the remote has no address");
    if (!place_read(r, url, &r->fetch, e) || !place_read(r, push ? push : url, &r->push, e))
        return false;
    set_public_url(r);
    return true;
}

bool places_read(struct repository *r, struct error *e)
{
    const char *name = r->options.remote ? r->options.remote : "origin";
    git_remote *remote = NULL;
    git_remote_create_options anonymous = {.version = GIT_REMOTE_CREATE_OPTIONS_VERSION,
                                           .repository = r->user,
                                           .flags = GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC};
    int status = is_address(name) ? git_remote_create_with_opts(&remote, name, &anonymous)
                                  : git_remote_lookup(&remote, r->user, name);
    bool good = false;
    if (status == GIT_ENOTFOUND || status == GIT_EINVALIDSPEC)
        error_set(e, ERROR_USAGE, "the repository of %s has no remote \"%s\"", r->options.directory,
                  name);
    else if (status != 0)
        error_set(e, ERROR_USAGE, "the remote's address cannot be read");
    else
        good = read_remote(r, remote, e);
    git_remote_free(remote);
    return good;
}
