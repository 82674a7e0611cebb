/* The way through a registry, as far as its files share it; nobody else includes this. */
#ifndef MWATCH_REBUILD_PUBLISHED_WALK_H
#define MWATCH_REBUILD_PUBLISHED_WALK_H

#include "watcher/rebuild/published_parts.h"

#define PUBLISHED_INDEX_TYPE "application/vnd.oci.image.index.v1+json"

/* Where an SBOM may be, in this order: cosign's tag for attestations, what refers to the image (the
 * API, and its fallback tag), cosign's older tag for SBOMs. */
enum place { AT_ATTESTATION, AT_REFERRERS, AT_REFERRERS_TAG, AT_SBOM, PLACES };

/* Something that may be, or lead to, an SBOM. */
enum lead_kind { LEAD_MANIFEST, LEAD_ATTESTATION, LEAD_SBOM };

struct lead {
    enum lead_kind kind;
    const char *digest;
};

/* What SBOMs are attached to: the index, or the image for one platform. */
struct subject {
    struct published *p;
    const char *digest;
    const char *arch; /* NULL = the index: its SBOMs tell by themselves */
    enum place place;
    VEC(struct lead) leads; /* the next one last */
    unsigned tries;
    struct image_state state;
};

struct published {
    struct arena own;
    struct arena *a; /* of the result */
    struct http *http;
    const char *base;  /* "https://ghcr.io/v2/owner/name" */
    const char *shown; /* "ghcr.io/owner/name:latest" */
    bool labels, found;
    struct error error;
    struct image_state *out;
    const char *digest; /* of what `top` was read from */
    struct manifest top;
    VEC(struct subject *) subjects;
};

enum { LARGEST_MANIFEST = 4 << 20 }; /* bytes */

/* Ask for something of the image's; a manifest; a blob. */
void published_get(struct published *p, const char *path, const char *accept, uint64_t limit,
                   http_done *done, void *arg);
void published_get_manifest(struct published *p, const char *reference, http_done *done, void *arg);
void published_get_blob(struct published *p, const char *digest, http_done *done, void *arg);

/* Note why it cannot be read: the first reason stays. */
void published_fail(struct published *p, const struct error *e);

/* True with a usable body. *absent when the registry says that there is no such thing; any other
 * answer has failed. `digest` is what the body must have, NULL = not known. */
bool published_is_usable(struct published *p, const struct response *response,
                         const struct error *failed, const char *digest, bool *absent);

/* The same of what was pointed to, and so must be there. */
bool published_is_there(struct published *p, const struct response *response,
                        const struct error *failed, const char *digest);

/* Look for the SBOMs of a subject: `arch` NULL = of the index. */
void published_look(struct published *p, const char *digest, const char *arch);

#endif
