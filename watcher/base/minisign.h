/* Signatures of minisign (and of signify's keys in its form): Ed25519 over a file or its
 * BLAKE2b-512 digest. https://jedisct1.github.io/minisign/ */
#ifndef MWATCH_BASE_MINISIGN_H
#define MWATCH_BASE_MINISIGN_H

#include "watcher/base/error.h"
#include "watcher/base/slice.h"

enum {
    MINISIGN_LARGEST = 16 * 1024,            /* bytes of a signature's file */
    MINISIGN_LEGACY_MOST = 64 * 1024 * 1024, /* bytes of a file signed without a digest: they must
                                                all be in memory at once */
};

struct minisign; /* a verification under way */

/* Read a signature's file and the public key that must have made it (56 characters of base64).
 * ERROR_REFUSED when either is none, the signature is another key's, or its trusted comment was not
 * signed with it. Owned until minisign_end; NULL on failure. */
struct minisign *minisign_begin(struct slice key, struct slice signature, struct error *e);

/* The file begins (again). */
void minisign_restart(struct minisign *m);
void minisign_add(struct minisign *m, struct slice bytes);

/* Is it the file that was signed? Releases. ERROR_REFUSED. */
bool minisign_end(struct minisign *m, struct error *e);

#endif
