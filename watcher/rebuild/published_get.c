/* What is asked of a registry, and what its answers are worth. */
#include "watcher/rebuild/published_walk.h"

#include <string.h>

enum { LARGEST_BLOB = 64 << 20 };

#define ACCEPT                                                                                     \
    PUBLISHED_INDEX_TYPE ", application/vnd.oci.image.manifest.v1+json, "                          \
                         "application/vnd.docker.distribution.manifest.list.v2+json, "             \
                         "application/vnd.docker.distribution.manifest.v2+json"

void published_get(struct published *p, const char *path, const char *accept, uint64_t limit,
                   http_done *done, void *arg)
{
    struct request request = {
        .url = arena_printf(&p->own, "%s%s", p->base, path),
        .headers = {{"Accept", accept}},
        .bearer = true,
        .limit = limit,
    };
    http_submit(p->http, &request, done, arg);
}

void published_get_manifest(struct published *p, const char *reference, http_done *done, void *arg)
{
    published_get(p, arena_printf(&p->own, "/manifests/%s", reference), ACCEPT, LARGEST_MANIFEST,
                  done, arg);
}

void published_get_blob(struct published *p, const char *digest, http_done *done, void *arg)
{
    published_get(p, arena_printf(&p->own, "/blobs/%s", digest), "*/*", LARGEST_BLOB, done, arg);
}

void published_fail(struct published *p, const struct error *e)
{
    if (!error_is_set(&p->error)) {
        p->error = *e;
        error_context(&p->error, "%s", p->shown);
    }
}

/* What is asked for by its digest must have it. */
static bool has_digest(struct slice body, const char *digest)
{
    struct hash_result hash;
    if (!digest)
        return true;
    hash_bytes(body, &hash);
    struct slice hex = slice_from(slice_of(digest), strlen("sha256:"));
    return slice_is(hex,
                    slice_starts(slice_of(digest), SLICE("sha256:")) ? hash.sha256 : hash.sha512);
}

bool published_is_usable(struct published *p, const struct response *response,
                         const struct error *failed, const char *digest, bool *absent)
{
    struct error e = *failed;
    *absent = !error_is_set(&e) && response->status == 404;
    if (*absent)
        return false;
    if (!error_is_set(&e) && (response->status == 401 || response->status == 403))
        error_set(&e, ERROR_REFUSED, "the registry refuses to tell (%d): is there such an image?",
                  response->status);
    else if (!error_is_set(&e) && response->status != 200)
        error_set(&e, ERROR_NETWORK, "the registry answered %d", response->status);
    else if (!error_is_set(&e) && !has_digest(response->body, digest))
        error_set(&e, ERROR_REFUSED, "the registry's answer is not what has the digest %s", digest);
    if (error_is_set(&e))
        published_fail(p, &e);
    return !error_is_set(&e);
}

bool published_is_there(struct published *p, const struct response *response,
                        const struct error *failed, const char *digest)
{
    bool absent;
    struct error e = {0};
    bool usable = published_is_usable(p, response, failed, digest, &absent);
    if (absent) {
        error_set(&e, ERROR_UPSTREAM, "the registry has lost %s", digest);
        published_fail(p, &e);
    }
    return usable;
}
