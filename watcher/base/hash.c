#include "watcher/base/hash.h"

#include "watcher/base/memory.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

struct hash {
    EVP_MD_CTX *sha256;
    EVP_MD_CTX *sha512;
    unsigned long long size;
};

/* libcrypto fails here only without memory or without its own algorithms: then nothing can be
 * proved, and going on would pin a wrong hash. */
static void require(int good)
{
    if (good == 1)
        return;
    fputs("mwatch: libcrypto cannot compute SHA-256 and SHA-512\n", stderr);
    exit(1);
}

static EVP_MD_CTX *begin(const EVP_MD *digest)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    require(context && EVP_DigestInit_ex(context, digest, NULL) == 1);
    return context;
}

struct hash *hash_begin(void)
{
    struct hash *h = memory_zalloc(sizeof *h);
    h->sha256 = begin(EVP_sha256());
    h->sha512 = begin(EVP_sha512());
    return h;
}

void hash_add(struct hash *h, struct slice bytes)
{
    require(EVP_DigestUpdate(h->sha256, bytes.ptr, bytes.len));
    require(EVP_DigestUpdate(h->sha512, bytes.ptr, bytes.len));
    h->size += bytes.len;
}

static void end(EVP_MD_CTX *context, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    require(EVP_DigestFinal_ex(context, digest, &len));
    for (unsigned i = 0; i < len; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 0xF];
    }
    hex[2 * len] = '\0';
}

void hash_end(struct hash *h, struct hash_result *result)
{
    end(h->sha256, result->sha256);
    end(h->sha512, result->sha512);
    result->size = h->size;
    hash_drop(h);
}

void hash_drop(struct hash *h)
{
    EVP_MD_CTX_free(h->sha256);
    EVP_MD_CTX_free(h->sha512);
    free(h);
}

struct hash256 {
    EVP_MD_CTX *context;
};

struct hash256 *hash256_begin(void)
{
    struct hash256 *h = memory_zalloc(sizeof *h);
    h->context = begin(EVP_sha256());
    return h;
}

void hash256_add(struct hash256 *h, struct slice bytes)
{
    require(EVP_DigestUpdate(h->context, bytes.ptr, bytes.len));
}

void hash256_end(struct hash256 *h, char hex[SHA256_HEX + 1])
{
    end(h->context, hex);
    hash256_drop(h);
}

void hash256_drop(struct hash256 *h)
{
    EVP_MD_CTX_free(h->context);
    free(h);
}

void hash_bytes(struct slice bytes, struct hash_result *result)
{
    struct hash *h = hash_begin();
    hash_add(h, bytes);
    hash_end(h, result);
}

void hash_sha1(struct slice bytes, char hex[SHA1_HEX + 1])
{
    EVP_MD_CTX *sha1 = begin(EVP_sha1());
    require(EVP_DigestUpdate(sha1, bytes.ptr, bytes.len));
    end(sha1, hex);
    EVP_MD_CTX_free(sha1);
}
