/* Names of container images ("ghcr.io/owner/name"), as distribution/reference reads them. */
#ifndef MWATCH_BASE_IMAGE_NAME_H
#define MWATCH_BASE_IMAGE_NAME_H

#include "watcher/base/buf.h"

struct image_name {
    struct slice registry; /* host, perhaps with a port */
    struct slice path;
    bool official; /* Docker Hub's own, whose path it leaves out */
};

/* Take a name apart; without a registry it is one of Docker Hub's. False when it is none, or has a
 * tag or digest behind it. Borrowed from the text. */
bool image_name_read(struct slice text, struct image_name *out);

/* The front of a URL of a registry's API, up to the image's name: ".../v2/library/alpine" of
 * ".../v2/library/alpine/tags/list?n=1" (and manifests, blobs, referrers). Of any other URL all but
 * its query. Borrowed. */
struct slice image_name_resource(struct slice url);

/* Add the path that a registry's API has for the image: "/v2/library/alpine". */
void image_name_add_path(struct buf *out, const struct image_name *image);

#endif
