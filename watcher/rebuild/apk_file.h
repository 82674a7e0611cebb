/* An apk package's file (version 2): a signature, a control and a data part, each a gzip'd tar; the
 * first may be missing. https://wiki.alpinelinux.org/wiki/Apk_spec#Binary_Format */
#ifndef MWATCH_REBUILD_APK_FILE_H
#define MWATCH_REBUILD_APK_FILE_H

#include "watcher/base/error.h"
#include "watcher/base/hash.h"

struct apk_file {
    size_t signature, control;         /* bytes; the data part is the rest */
    char signature_sha1[SHA1_HEX + 1]; /* lower-case hex */
    char control_sha1[SHA1_HEX + 1];
    char data_sha256[SHA256_HEX + 1]; /* as the control part tells it */
};

/* Find the parts by the front of the file. `checksum` is the index's: "Q1" and the base64 of the
 * control part's SHA-1, which is how its end is known for sure. False without an error when they
 * are not wholly in the front: give more of it, or nothing of the kind is there. ERROR_UPSTREAM for
 * another kind of checksum, and for a control part that does not tell the hash of the data. */
bool apk_file_read(struct slice front, const char *checksum, struct apk_file *out, struct error *e);

#endif
