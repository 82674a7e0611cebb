/* What a published image consists of, as its registry tells: the SBOM that was attached, or labels.
 * apko puts none into the image itself, for its document names the image's digest; what stands in
 * var/lib/db/sbom is melange's, a document for each package it built. OCI Distribution
 * Specification 1.1. */
#ifndef MWATCH_REBUILD_PUBLISHED_H
#define MWATCH_REBUILD_PUBLISHED_H

#include "watcher/base/error.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/state.h"

/* The labels that a build made of mwatch's matrix puts on its image: the state's digest. */
#define PUBLISHED_LABEL "dev.mwatch.state"

/* Add the packages that an SPDX document (JSON) of apko's lists to the architecture's set; `arch`
 * as apk calls it, NULL = to those that the packages say they are for. What is no apk package, or
 * one for another architecture, is passed over. ERROR_UPSTREAM when it is no SPDX 2 document, or
 * none with a package. */
bool sbom_read(struct arena *a, struct slice text, const char *arch, struct image_state *out,
               struct error *e);

/* The state of `image` ("ghcr.io/owner/minimal-python") at `tag` ("latest"), for each architecture
 * of its index, from its SBOMs or its labels. *found is false, and `out` empty, when the registry
 * has no such image or tag; without an error. ERROR_UPSTREAM when it is there but tells nothing,
 * ERROR_NETWORK, ERROR_REFUSED. Sorted, in the arena. */
struct published_query {
    const char *image, *tag;
    bool labels; /* else the SBOM */
};
struct published;

/* Ask for it; more is asked for as answers come, and http_run returns when all is there. Owned by
 * the caller until published_answer, which frees it; `out` and the arena must live until then. */
struct published *published_ask(struct http *http, struct arena *a, const struct published_query *q,
                                struct image_state *out);
bool published_answer(struct published *p, bool *found, struct error *e);

/* The same for one, at once. */
bool published_state(struct http *http, struct arena *a, const struct published_query *q,
                     struct image_state *out, bool *found, struct error *e);

#endif
