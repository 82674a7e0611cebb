/* What the files that read published images share; nobody else includes this, but tests. */
#ifndef MWATCH_REBUILD_PUBLISHED_PARTS_H
#define MWATCH_REBUILD_PUBLISHED_PARTS_H

#include "watcher/base/buf.h"
#include "watcher/rebuild/published.h"

enum { PUBLISHED_DIGEST = 64 /* of state_digest */ };

/* What an index or manifest points to; NULL = not said. */
struct descriptor {
    const char *digest; /* never NULL */
    const char *media_type, *artifact_type;
    const char *predicate_type; /* of an attestation, where it is annotated */
    const char *arch;           /* of an index's entry, as apk calls it; NULL = no Linux machine */
};

struct descriptors {
    VEC(struct descriptor) list;
};

struct manifest {
    bool is_index;
    struct descriptors entries;  /* an index's manifests, a manifest's layers */
    const char *config;          /* of a manifest: the digest of its configuration */
    const char *arch;            /* of a configuration */
    const char *label, *version; /* of its annotations or labels: the state's digest, the version */
};

/* Read an index or a manifest. ERROR_UPSTREAM when it is neither, or a digest is none. All in the
 * arena. */
bool manifest_read(struct arena *a, struct slice text, struct manifest *out, struct error *e);

/* Read an image's configuration: fills in arch, label and version. ERROR_UPSTREAM. */
bool image_config_read(struct arena *a, struct slice text, struct manifest *out, struct error *e);

/* Open a DSSE envelope, bare or in a sigstore bundle. *spdx says whether it states an SPDX
 * document, which is then added to *document. ERROR_UPSTREAM when it is none. Who signed it is not
 * looked at. https://github.com/secure-systems-lab/dsse, https://github.com/in-toto/attestation */
bool attestation_open(struct slice text, struct buf *document, bool *spdx, struct error *e);

#endif
