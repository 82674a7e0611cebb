/* SHA-256 and SHA-512 in one pass. */
#ifndef MWATCH_BASE_HASH_H
#define MWATCH_BASE_HASH_H

#include "watcher/base/slice.h"

enum { SHA1_HEX = 40, SHA256_HEX = 64, SHA512_HEX = 128 };

struct hash; /* both digests under way, and the bytes counted */

struct hash_result {
    char sha256[SHA256_HEX + 1]; /* lower-case hex */
    char sha512[SHA512_HEX + 1];
    unsigned long long size; /* bytes */
};

/* Owned by the caller until hash_end or hash_drop; never NULL. */
struct hash *hash_begin(void);
void hash_add(struct hash *h, struct slice bytes);

/* Finish, fill *result and release `h`. */
void hash_end(struct hash *h, struct hash_result *result);
void hash_drop(struct hash *h);

/* Both digests of bytes in memory. */
void hash_bytes(struct slice bytes, struct hash_result *result);

/* SHA-256 alone. Owned until hash256_end, which fills `hex`, or hash256_drop; never NULL. */
struct hash256;
struct hash256 *hash256_begin(void);
void hash256_add(struct hash256 *h, struct slice bytes);
void hash256_end(struct hash256 *h, char hex[SHA256_HEX + 1]);
void hash256_drop(struct hash256 *h);

/* SHA-1, lower-case hex: only for what apk identifies by it, never as a proof. */
void hash_sha1(struct slice bytes, char hex[SHA1_HEX + 1]);

/* Base64 (RFC 4648, padded). base64_decode adds to *out and is false on anything else. */
struct buf;
void base64_encode(struct slice bytes, struct buf *out);
bool base64_decode(struct slice text, struct buf *out);

#endif
