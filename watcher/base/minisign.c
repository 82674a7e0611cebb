#include "watcher/base/minisign.h"

#include "watcher/base/buf.h"
#include "watcher/base/hash.h"
#include "watcher/base/memory.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* Sizes of what the base64 holds: two letters, the key's number, the key or the signature. */
enum { LETTERS = 2, NUMBER = 8, KEY = 32, SIGNATURE = 64, DIGEST = 64 };

struct minisign {
    EVP_PKEY *key;
    char signature[SIGNATURE];
    EVP_MD_CTX *digest; /* NULL: signed without one, by minisign before 0.11 */
    struct buf file;    /* then: all of it */
    bool too_large;
};

/* The lines of a signature's file. */
struct parts {
    char letters[LETTERS], number[NUMBER], signature[SIGNATURE], comment_signature[SIGNATURE];
    struct slice comment;
};

static bool decode(struct slice text, char *out, size_t size)
{
    struct buf bytes = {0};
    bool good = base64_decode(slice_trim(text), &bytes) && bytes.len == size;
    if (good)
        memcpy(out, bytes.ptr, size);
    buf_free(&bytes);
    return good;
}

/* The comment's bytes are signed as they stand: only the line's end is none of them. */
static struct slice without_return(struct slice line)
{
    return slice_ends(line, SLICE("\r")) ? slice_first(line, line.len - 1) : line;
}

static bool read_parts(struct slice text, struct parts *out)
{
    static const struct slice untrusted = SLICE("untrusted comment:"),
                              trusted = SLICE("trusted comment: ");
    char first[LETTERS + NUMBER + SIGNATURE];
    struct slice line[4] = {{0}};
    if (text.len > MINISIGN_LARGEST)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!slice_line(&text, &line[i]))
            return false;
    if (!slice_starts(line[0], untrusted) || !slice_starts(line[2], trusted) ||
        !decode(line[1], first, sizeof first) ||
        !decode(line[3], out->comment_signature, SIGNATURE))
        return false;
    memcpy(out->letters, first, LETTERS);
    memcpy(out->number, first + LETTERS, NUMBER);
    memcpy(out->signature, first + LETTERS + NUMBER, SIGNATURE);
    out->comment = without_return(slice_from(line[2], trusted.len));
    return true;
}

static bool is_signed(EVP_PKEY *key, const char *signature, struct slice bytes)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good =
        context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
        EVP_DigestVerify(context, (const unsigned char *)signature, SIGNATURE,
                         (const unsigned char *)(bytes.len ? bytes.ptr : ""), bytes.len) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

/* The trusted comment is signed together with the signature, so that neither is another's. */
static bool comment_is_signed(EVP_PKEY *key, const struct parts *parts)
{
    struct buf both = {0};
    buf_add(&both, slice_new(parts->signature, SIGNATURE));
    buf_add(&both, parts->comment);
    bool good = is_signed(key, parts->comment_signature, buf_slice(&both));
    buf_free(&both);
    return good;
}

static void drop(struct minisign *m)
{
    EVP_PKEY_free(m->key);
    EVP_MD_CTX_free(m->digest);
    buf_free(&m->file);
    free(m);
}

static bool judge(const char *key, const struct parts *parts, EVP_PKEY *made, struct error *e)
{
    if (memcmp(key, "Ed", LETTERS) != 0 || !made)
        return error_set(e, ERROR_REFUSED, "the public key is none of minisign's");
    if (memcmp(parts->letters, "Ed", LETTERS) != 0 && memcmp(parts->letters, "ED", LETTERS) != 0)
        return error_set(e, ERROR_REFUSED, "the signature is of a kind that is not known");
    if (memcmp(parts->number, key + LETTERS, NUMBER) != 0)
        return error_set(e, ERROR_REFUSED, "it was signed with another key");
    if (!comment_is_signed(made, parts))
        return error_set(e, ERROR_REFUSED, "its trusted comment is not signed");
    return true;
}

struct minisign *minisign_begin(struct slice key, struct slice signature, struct error *e)
{
    char raw[LETTERS + NUMBER + KEY];
    struct parts parts;
    if (!decode(key, raw, sizeof raw)) {
        error_set(e, ERROR_REFUSED, "the public key is none of minisign's");
        return NULL;
    }
    if (!read_parts(signature, &parts)) {
        error_set(e, ERROR_REFUSED, "this is no signature of minisign");
        return NULL;
    }
    struct minisign *m = memory_zalloc(sizeof *m);
    m->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
                                         (unsigned char *)raw + LETTERS + NUMBER, KEY);
    memcpy(m->signature, parts.signature, SIGNATURE);
    m->file = (struct buf)BUF_MAX(MINISIGN_LEGACY_MOST);
    if (!judge(raw, &parts, m->key, e)) {
        drop(m);
        return NULL;
    }
    if (parts.letters[1] == 'D' && !(m->digest = EVP_MD_CTX_new()))
        memory_exhausted();
    minisign_restart(m);
    return m;
}

void minisign_restart(struct minisign *m)
{
    buf_clear(&m->file);
    m->too_large = m->digest && EVP_DigestInit_ex(m->digest, EVP_blake2b512(), NULL) != 1;
}

void minisign_add(struct minisign *m, struct slice bytes)
{
    if (m->digest)
        EVP_DigestUpdate(m->digest, bytes.ptr, bytes.len);
    else
        m->too_large = m->too_large || !buf_add(&m->file, bytes);
}

bool minisign_end(struct minisign *m, struct error *e)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct slice file = buf_slice(&m->file);
    bool good = !m->too_large;
    if (good && m->digest) {
        EVP_DigestFinal_ex(m->digest, digest, NULL);
        file = slice_new((const char *)digest, DIGEST);
    }
    if (m->too_large)
        error_set(e, ERROR_REFUSED,
                  "it was signed without a digest (minisign before 0.11), and the file is larger "
                  "than the %d MiB that can be checked so",
                  MINISIGN_LEGACY_MOST / 1024 / 1024);
    else if (!is_signed(m->key, m->signature, file))
        good = error_set(e, ERROR_REFUSED, "the signature is of other bytes");
    drop(m);
    return good;
}
