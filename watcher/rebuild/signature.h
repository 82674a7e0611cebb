/* Signatures of package indexes: the keys that an image trusts, and whether one of them signed the
 * index. How apk signs: https://wiki.alpinelinux.org/wiki/Apk_spec#Signature_Format */
#ifndef MWATCH_REBUILD_SIGNATURE_H
#define MWATCH_REBUILD_SIGNATURE_H

#include "watcher/base/error.h"
#include "watcher/base/slice.h"

struct keyring;

/* Owned by the caller; keyring_free of NULL does nothing. */
struct keyring *keyring_new(void);
void keyring_free(struct keyring *k);

/* Trust the RSA public key in `pem`. `name` is what signatures call it, the last part of its path
 * or URL: "wolfi-signing.rsa.pub". A key of the same name replaces the earlier one. ERROR_USAGE
 * when it is no such key, or one of fewer than 2048 bits. */
bool keyring_add(struct keyring *k, struct slice name, struct slice pem, struct error *e);

/* Find the signature at the front of an APKINDEX.tar.gz and check it: entries `.SIGN.RSA.NAME`
 * (PKCS #1 v1.5 over SHA-1) and `.SIGN.RSA256.NAME` (over SHA-256) in a gzip stream of their own,
 * over all the bytes that follow it. *signed_part is then these bytes: whoever reads the index must
 * read them and nothing before. ERROR_REFUSED, and *signed_part empty, when there is no signature,
 * none by a key in the ring, or one by such a key that is wrong. */
bool signature_verify(const struct keyring *k, struct slice index, struct slice *signed_part,
                      struct error *e);

#endif
