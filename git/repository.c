#include "git/repository_parts.h"

#include "watcher/base/file.h"
#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 7)
#define HAS_TIMEOUTS
#endif

enum { CONNECT_MS = 30000, SILENCE_MS = 120000, SHALLOW_MAX = 64 << 20 };

bool git_fail(struct error *e, enum error_code code, const char *format, ...)
{
    const git_error *last = git_error_last();
    struct buf text = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    if (last && last->message)
        buf_addf(&text, ": %.*s", SLICE_ARG(slice_trim(slice_of(last->message))));
    error_set(e, code, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}

struct oid oid_of(const git_oid *id)
{
    struct oid out = {""};
    if (!git_oid_is_zero(id))
        git_oid_tostr(out.hex, sizeof out.hex, id);
    return out;
}

bool oid_parse(const struct oid *oid, git_oid *out, struct error *e)
{
    size_t len = strnlen(oid->hex, sizeof oid->hex);
    if (len != GIT_OID_HEXSZ || git_oid_fromstr(out, oid->hex) != 0)
        return error_set(e, ERROR_USAGE, "not an object's id: \"%.*s\"", (int)len, oid->hex);
    return true;
}

bool repository_is_cut(const struct repository *r)
{
    return r->partial || r->shallow.count;
}

/* libgit2 keeps these for the whole process. */
static bool set_up_library(const struct repository_options *o, struct error *e)
{
    const char *ca_file = o->ca_file ? o->ca_file : getenv("SSL_CERT_FILE");
    git_accept_extensions();
#ifdef HAS_TIMEOUTS
    git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, CONNECT_MS);
    git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, SILENCE_MS);
#endif
    if (ca_file && *ca_file && git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, ca_file, NULL) != 0)
        return git_fail(e, ERROR_USAGE, "%s: cannot read certificates", ca_file);
    return true;
}

static bool read_shallow(struct repository *r, struct error *e)
{
    struct buf path = {0}, text = BUF_MAX(SHALLOW_MAX);
    struct slice rest, line;
    struct error missing = {0};
    git_oid id;
    git_shallow_file(r->user, &path);
    bool there = file_read(buf_text(&path), &text, &missing);
    for (rest = buf_slice(&text); there && slice_line(&rest, &line);)
        if (line.len == GIT_OID_HEXSZ && git_oid_fromstrn(&id, line.ptr, line.len) == 0)
            vec_push(&r->arena, &r->shallow, id);
    if (text.overflow)
        error_set(e, ERROR_SYSTEM, "%s: too large", buf_text(&path));
    buf_free(&path);
    buf_free(&text);
    return !error_is_set(e);
}

const char *config_text(struct repository *r, const char *key)
{
    git_config *config = NULL;
    git_buf value = {0};
    const char *copy = NULL;
    if (git_repository_config_snapshot(&config, r->user) == 0 &&
        git_config_get_string_buf(&value, config, key) == 0 && value.ptr && *value.ptr)
        copy = arena_copy(&r->arena, value.ptr);
    git_buf_dispose(&value);
    git_config_free(config);
    return copy;
}

const char *config_path(struct repository *r, const char *key)
{
    git_config *config = NULL;
    git_buf value = {0};
    const char *copy = NULL;
    if (git_repository_config_snapshot(&config, r->user) == 0 &&
        git_config_get_path(&value, config, key) == 0 && value.ptr && *value.ptr)
        copy = arena_copy(&r->arena, value.ptr);
    git_buf_dispose(&value);
    git_config_free(config);
    return copy;
}

/* Where a remote has promised to give what is missing later; the older way to say so comes first.
 */
static bool is_partial(git_repository *user)
{
    git_config *config = NULL;
    git_config_iterator *all = NULL;
    git_config_entry *entry;
    bool found = false;
    if (git_repository_config_snapshot(&config, user) == 0 &&
        git_config_iterator_new(&all, config) == 0)
        while (!found && git_config_next(&entry, all) == 0)
            found = strcmp(entry->name, "extensions.partialclone") == 0 ||
                    (slice_starts(slice_of(entry->name), SLICE("remote.")) &&
                     slice_ends(slice_of(entry->name), SLICE(".promisor")));
    git_config_iterator_free(all);
    git_config_free(config);
    return found;
}

static bool open_parts(struct repository *r, struct error *e)
{
    if (!set_up_library(&r->options, e) || !git_open_directory(&r->user, r->options.directory, e) ||
        !read_shallow(r, e))
        return false;
    r->partial = is_partial(r->user);
    r->prefix = git_prefix(&r->arena, r->user, r->options.directory);
    if (r->options.base)
        r->base = arena_copy(&r->arena, r->options.base);
    return places_read(r, e) && identity_read(r, e) && workspace_open(r, e);
}

struct repository *repository_open(const struct context *ctx,
                                   const struct repository_options *options, struct error *e)
{
    struct repository *r = memory_zalloc(sizeof *r);
    r->ctx = ctx;
    r->options = *options;
    git_libgit2_init();
    if (open_parts(r, e))
        return r;
    repository_close(r);
    return NULL;
}

void repository_close(struct repository *r)
{
    if (!r)
        return;
    workspace_close(r);
    git_signature_free(r->author);
    git_signature_free(r->committer);
    git_repository_free(r->user);
    git_libgit2_shutdown();
    arena_free(&r->fetched);
    arena_free(&r->arena);
    free(r);
}

const char *repository_remote_url(const struct repository *r)
{
    return r->public_url;
}

const char *repository_prefix(const struct repository *r)
{
    return r->prefix;
}

struct signature repository_committer(const struct repository *r)
{
    return (struct signature){r->committer->name, r->committer->email};
}

const char *repository_base(const struct repository *r)
{
    return r->base;
}

struct oid repository_base_tip(const struct repository *r)
{
    return oid_of(&r->base_tip);
}

struct oid repository_branch_tip(const struct repository *r, const char *branch)
{
    for (size_t i = 0; i < r->branches.count; i++)
        if (strcmp(r->branches.items[i].name, branch) == 0)
            return oid_of(&r->branches.items[i].tip);
    return (struct oid){""};
}

const char *const *repository_branches(const struct repository *r)
{
    static const char *const none[] = {NULL};
    return r->names ? r->names : none;
}
