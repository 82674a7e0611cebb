#include "watcher/rebuild/signature.h"

#include "watcher/base/archive.h"
#include "watcher/base/arena.h"
#include "watcher/base/memory.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

enum {
    FEWEST_BITS = 2048,
    LARGEST_KEY = 64 * 1024,
    LARGEST_SIGNATURE = 16 * 1024, /* bytes of an entry */
    LONGEST_FRONT = 256 * 1024,    /* bytes of the stream before the index */
    MOST_CUTS = 64,
};

struct key {
    const char *name;
    EVP_PKEY *key;
};

struct keyring {
    struct arena arena;
    VEC(struct key) keys;
};

struct keyring *keyring_new(void)
{
    return memory_zalloc(sizeof(struct keyring));
}

void keyring_free(struct keyring *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->keys.count; i++)
        EVP_PKEY_free(k->keys.items[i].key);
    arena_free(&k->arena);
    free(k);
}

static EVP_PKEY *read_key(struct slice pem)
{
    BIO *bytes = pem.len <= LARGEST_KEY ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
    EVP_PKEY *key = bytes ? PEM_read_bio_PUBKEY(bytes, NULL, NULL, NULL) : NULL;
    BIO_free(bytes);
    ERR_clear_error();
    return key;
}

bool keyring_add(struct keyring *k, struct slice name, struct slice pem, struct error *e)
{
    EVP_PKEY *key = pem.len ? read_key(pem) : NULL;
    struct key *to = NULL;
    if (!key || EVP_PKEY_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_bits(key) < FEWEST_BITS) {
        EVP_PKEY_free(key);
        return error_set(e, ERROR_USAGE, "%.*s: not an RSA public key of %d bits or more in PEM",
                         SLICE_ARG(name), FEWEST_BITS);
    }
    for (size_t i = 0; i < k->keys.count; i++)
        if (slice_is(name, k->keys.items[i].name))
            to = &k->keys.items[i];
    if (!to)
        to = vec_add(&k->arena, &k->keys);
    EVP_PKEY_free(to->key);
    *to = (struct key){arena_text(&k->arena, name), key};
    return true;
}

static EVP_PKEY *find_key(const struct keyring *k, struct slice name)
{
    for (size_t i = 0; i < k->keys.count; i++)
        if (slice_is(name, k->keys.items[i].name))
            return k->keys.items[i].key;
    return NULL;
}

static bool is_right(EVP_PKEY *key, const EVP_MD *digest, struct slice signature,
                     struct slice bytes)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL; /* the context's */
    bool right = context && EVP_DigestVerifyInit(context, &options, digest, NULL, key) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PADDING) == 1 &&
                 EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
                                  (const unsigned char *)bytes.ptr, bytes.len) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return right;
}

/* What the signatures before one place come to. */
struct verdict {
    const struct keyring *ring;
    struct arena arena;
    struct slice rest; /* the bytes after that place */
    const char *right; /* names of keys, NULL = none */
    const char *wrong;
    const char *unknown;
    bool other; /* something else stands there, so that it is not a signature's stream */
};

/* The name of the key, and the digest, of a signature's entry. */
static const EVP_MD *digest_of(struct slice entry, struct slice *key)
{
    static const struct {
        const char *prefix;
        const EVP_MD *(*digest)(void);
    } kinds[] = {{".SIGN.RSA256.", EVP_sha256}, {".SIGN.RSA.", EVP_sha1}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct slice prefix = slice_of(kinds[i].prefix);
        if (slice_starts(entry, prefix)) {
            *key = slice_from(entry, prefix.len);
            return kinds[i].digest();
        }
    }
    return NULL;
}

static void judge(void *arg, const char *entry, struct slice content)
{
    struct verdict *v = arg;
    struct slice name;
    const EVP_MD *digest = digest_of(slice_of(entry), &name);
    v->other = v->other || !slice_starts(slice_of(entry), SLICE(".SIGN."));
    if (!digest)
        return;
    EVP_PKEY *key = find_key(v->ring, name);
    const char **where = !key                                      ? &v->unknown
                         : is_right(key, digest, content, v->rest) ? &v->right
                                                                   : &v->wrong;
    *where = arena_text(&v->arena, name);
}

/* Where one gzip stream ends is only known to whoever decompresses it; but what follows is another,
 * which begins with this. At a place that only looks like it, what comes before is cut off in the
 * middle and no archive, and no signature is right for what comes after. */
static size_t next_cut(struct slice index, size_t from)
{
    size_t found = slice_find(slice_first(slice_from(index, from), LONGEST_FRONT),
                              slice_new("\x1f\x8b\x08", 3));
    return found == SLICE_NONE || from + found > LONGEST_FRONT ? SLICE_NONE : from + found;
}

/* Judge by what stands in the first stream, which is the first piece that is an archive to its end.
 */
static void look(struct verdict *v, struct slice index)
{
    size_t cut = next_cut(index, 1);
    for (unsigned i = 0; i < MOST_CUTS && cut != SLICE_NONE; i++) {
        struct error broken = {0};
        v->rest = slice_from(index, cut);
        if (archive_each(slice_first(index, cut), LARGEST_SIGNATURE, judge, v, &broken))
            return;
        v->right = v->wrong = v->unknown = NULL;
        v->other = false;
        cut = next_cut(index, cut + 1);
    }
    v->right = NULL;
}

bool signature_verify(const struct keyring *k, struct slice index, struct slice *signed_part,
                      struct error *e)
{
    struct verdict v = {.ring = k};
    *signed_part = SLICE("");
    look(&v, index);
    if (v.right && !v.wrong && !v.other)
        *signed_part = v.rest;
    else if (v.other)
        error_set(e, ERROR_REFUSED, "the index is not signed");
    else if (v.wrong)
        error_set(e, ERROR_REFUSED, "the index is not what %s signed", v.wrong);
    else if (v.unknown)
        error_set(e, ERROR_REFUSED, "the index is signed with %s, which is no key of the keyring",
                  v.unknown);
    else
        error_set(e, ERROR_REFUSED, "the index is not signed");
    arena_free(&v.arena);
    return !error_is_set(e);
}
