#include "git/app_key.h"

#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

enum { LARGEST_KEY = 64 * 1024 };

struct app_key {
    EVP_PKEY *pkey;
};

/* libcrypto would ask on the terminal. */
static int no_pass_phrase(char *text, int size, int writing, void *arg)
{
    (void)text;
    (void)size;
    (void)writing;
    (void)arg;
    return -1;
}

static EVP_PKEY *parse(struct slice pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL) : NULL;
    BIO_free(bio);
    if (pkey && EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA) {
        EVP_PKEY_free(pkey);
        pkey = NULL;
    }
    /* What libcrypto noted may hold parts of the file. */
    ERR_clear_error();
    return pkey;
}

struct app_key *app_key_read(const char *file, struct error *e)
{
    struct buf pem = BUF_MAX(LARGEST_KEY);
    struct app_key *key = NULL;
    if (!file_read(file, &pem, e)) {
        e->code = ERROR_USAGE;
        goto out;
    }
    EVP_PKEY *pkey = parse(buf_slice(&pem));
    if (!pkey) {
        error_set(e, ERROR_USAGE,
                  "%s: not the private key of a GitHub App: an RSA key in PEM form, without a pass "
                  "phrase, is expected",
                  file);
        goto out;
    }
    key = memory_alloc(sizeof *key);
    key->pkey = pkey;
out:
    memory_wipe(pem.ptr, pem.len);
    buf_free(&pem);
    return key;
}

void app_key_free(struct app_key *key)
{
    if (key)
        EVP_PKEY_free(key->pkey); /* which wipes it */
    free(key);
}

/* Base64 with the alphabet for URLs, without padding (RFC 7515, 2). */
static void add_coded(struct buf *out, struct slice bytes)
{
    size_t start = out->len;
    base64_encode(bytes, out);
    for (size_t i = start; i < out->len; i++) {
        if (out->ptr[i] == '+')
            out->ptr[i] = '-';
        else if (out->ptr[i] == '/')
            out->ptr[i] = '_';
    }
    while (slice_ends(buf_slice(out), SLICE("=")))
        buf_cut(out, out->len - 1);
}

static void add_claims(struct buf *out, const char *issuer, int64_t issued, int64_t ends)
{
    /* The issuer is a text, also when it is a number (RFC 7519, 4.1.1). */
    json_t *claims = json_pack("{s:I, s:I, s:s}", "iat", (json_int_t)issued, "exp",
                               (json_int_t)ends, "iss", issuer);
    char *text = json_dumps(claims, JSON_COMPACT);
    add_coded(out, slice_of(text));
    free(text);
    json_decref(claims);
}

static bool sign(EVP_PKEY *pkey, struct slice text, struct buf *out)
{
    size_t len = (size_t)EVP_PKEY_size(pkey);
    unsigned char *signature = memory_alloc(len);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool good = md && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, pkey) == 1 &&
                EVP_DigestSign(md, signature, &len, (const unsigned char *)text.ptr, text.len) == 1;
    if (good)
        add_coded(out, slice_new((const char *)signature, len));
    EVP_MD_CTX_free(md);
    ERR_clear_error();
    free(signature);
    return good;
}

bool app_key_sign(const struct app_key *key, const char *issuer, int64_t issued, int64_t ends,
                  struct buf *out, struct error *e)
{
    struct buf text = {0}, signature = {0};
    add_coded(&text, SLICE("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"));
    buf_add_byte(&text, '.');
    add_claims(&text, issuer, issued, ends);
    bool good = sign(key->pkey, buf_slice(&text), &signature);
    if (good)
        buf_addf(out, "%s.%s", buf_text(&text), buf_text(&signature));
    else
        error_set(e, ERROR_SYSTEM, "the App's key cannot sign");
    buf_free(&text);
    memory_wipe(signature.ptr, signature.len);
    buf_free(&signature);
    return good;
}
