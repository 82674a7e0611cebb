#include "watcher/logins.h"

#include "watcher/base/file.h"
#include "watcher/base/image_name.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"
#include "watcher/login_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_FILE = 4 << 20 };

#define GHCR "ghcr.io"

struct logins {
    const struct context *ctx;
    struct tokens *tokens; /* NULL = none */
    struct arena arena;
    bool read;
    VEC(struct login_file) files;
};

struct logins *logins_open(const struct context *ctx, struct tokens *tokens)
{
    struct logins *l = memory_zalloc(sizeof *l);
    l->ctx = ctx;
    l->tokens = tokens;
    return l;
}

void logins_close(struct logins *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->files.count; i++)
        login_file_wipe(&l->files.items[i]);
    arena_free(&l->arena);
    free(l);
}

/* -- the files */

static void read_file(struct logins *l, const char *path, const char *name)
{
    struct buf text = BUF_MAX(LARGEST_FILE);
    struct error e = {0};
    struct login_file file = {0};
    bool good =
        file_read(path, &text, &e) && login_file_read(&l->arena, name, buf_slice(&text), &file, &e);
    memory_wipe(text.ptr, text.len);
    buf_free(&text);
    if (!good)
        log_warning(l->ctx, "%s; registries are asked without what it has", e.message);
    for (size_t i = 0; i < file.complaints.count; i++)
        log_warning(l->ctx, "%s", file.complaints.items[i]);
    if (good)
        vec_push(&l->arena, &l->files, file);
    if (file.entries.count)
        memory_forbid_core();
}

static void read_if_there(struct logins *l, const char *path, const char *name)
{
    if (access(path, F_OK) == 0)
        read_file(l, path, name);
}

/* Only a file that is named outright must be there. */
static void read_files(struct logins *l)
{
    const char *named = context_variable("REGISTRY_AUTH_FILE"),
               *docker = context_variable("DOCKER_CONFIG"), *home = context_variable("HOME"),
               *podman = context_variable("XDG_RUNTIME_DIR");
    struct arena *a = &l->arena;
    const char *path = docker ? arena_printf(a, "%s/config.json", docker) : NULL;
    if (l->read)
        return;
    l->read = true;
    if (named)
        read_file(l, named, named);
    if (path)
        read_if_there(l, path, path);
    else if (home)
        read_if_there(l, arena_printf(a, "%s/.docker/config.json", home), "~/.docker/config.json");
    path = podman ? arena_printf(a, "%s/containers/auth.json", podman) : NULL;
    if (path)
        read_if_there(l, path, path);
}

/* -- who asks for an image */

static bool is_ghcr(struct slice host)
{
    return slice_equal_nocase(host, SLICE(GHCR));
}

static const char *command(struct logins *l, struct slice host)
{
    bool hub = slice_is(login_host(host), "docker.io");
    return hub ? "docker login" : arena_printf(&l->arena, "docker login %.*s", SLICE_ARG(host));
}

static void use_entry(struct logins *l, const struct login_file *file,
                      const struct login_entry *entry, struct slice host, struct login *out)
{
    out->basic = entry->basic;
    out->identity = entry->identity;
    out->shown = arena_printf(&l->arena, "the login for %s in %s", entry->key, file->name);
    if (is_ghcr(host))
        out->advice = "is it still good, and does it have read:packages? `docker login ghcr.io` "
                      "with such a token renews it";
    else
        out->advice = arena_printf(
            &l->arena, "is it still good, and may it read this? `%s` renews it", command(l, host));
}

static bool use_files(struct logins *l, struct slice host, struct slice path, struct login *out)
{
    for (size_t i = 0; i < l->files.count; i++) {
        const struct login_entry *entry = login_file_find(&l->files.items[i], host, path);
        if (!entry)
            continue;
        use_entry(l, &l->files.items[i], entry, host, out);
        return true;
    }
    return false;
}

/* GitHub's "About permissions for GitHub Packages": workflows' tokens and classic ones may have a
 * right to packages, fine-grained ones have none. */
static const char *token_advice(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_APP:
        return "it needs Packages: read, and a package may still be closed to Apps: then `docker "
               "login ghcr.io` with a classic token that has read:packages";
    case TOKEN_INSTALLATION:
        return "a workflow's needs `permissions: {packages: read}`, and the package must let the "
               "repository read it (its settings, Manage Actions access)";
    case TOKEN_FINE_GRAINED:
        return "ghcr.io takes no fine-grained token: give a classic one that has read:packages "
               "(`docker login ghcr.io`)";
    default:
        return "it needs read:packages";
    }
}

/* Also when an App's token cannot be had: most of what is there is public. */
static bool use_token(struct logins *l, struct slice scheme, struct slice host, struct login *out)
{
    struct error e = {0};
    bool here = slice_is(scheme, "https") && is_ghcr(host);
    out->basic = here && l->tokens ? tokens_registry(l->tokens, &e) : NULL;
    if (error_is_set(&e))
        out->advice = arena_printf(&l->arena, "The App's token cannot be had: %s", e.message);
    if (!out->basic)
        return error_is_set(&e);
    out->server = GHCR;
    out->implied = true;
    out->shown = tokens_kind(l->tokens) == TOKEN_APP
                     ? arena_printf(&l->arena, "the token of %s", tokens_name(l->tokens))
                     : "the run's GitHub token";
    out->advice = token_advice(tokens_kind(l->tokens));
    return true;
}

static void advise(struct logins *l, struct slice host, struct login *out)
{
    const char *give = command(l, host);
    for (size_t i = 0; i < l->files.count; i++) {
        const char *program = login_file_helper(&l->files.items[i], host);
        if (!program)
            continue;
        out->advice = arena_printf(&l->arena,
                                   "%s leaves %.*s to docker-credential-%s, which mwatch does not "
                                   "run: keep a login under auths, in a config.json of its own "
                                   "that DOCKER_CONFIG leads to",
                                   l->files.items[i].name, SLICE_ARG(host), program);
        return;
    }
    out->advice =
        arena_printf(&l->arena, "If it is private or not published yet: `%s`%s", give,
                     is_ghcr(host) ? ", or GITHUB_TOKEN with a right to read packages" : "");
}

/* "owner/name" in "https://ghcr.io/v2/owner/name/tags/list"; empty where it is no registry's. */
static struct slice image_of(const char *address, const struct url *url)
{
    struct slice resource = image_name_resource(slice_of(address));
    size_t front = (size_t)(url->path.ptr - address) + strlen("/v2/");
    bool named = url->path.len && slice_starts(url->path, SLICE("/v2/"));
    return named ? slice_from(resource, front) : SLICE("");
}

static struct slice host_of(const struct url *url)
{
    struct slice host = url->host;
    if (url->port.len)
        host.len = (size_t)(url->port.ptr + url->port.len - host.ptr);
    return slice_ends(host, SLICE(":443")) ? url->host : host;
}

void logins_find(void *logins, const char *address, struct login *out)
{
    struct logins *l = logins;
    struct url url;
    *out = (struct login){.advice = ""};
    if (!url_parse(slice_of(address), &url))
        return;
    struct slice host = host_of(&url);
    read_files(l);
    if (!use_files(l, host, image_of(address, &url), out) && !use_token(l, url.scheme, host, out))
        advise(l, host, out);
}
