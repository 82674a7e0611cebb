/* minisign's signatures: what is taken, and every way to be refused. The pairs were made with
 * OpenSSL's Ed25519 after minisign's description of its format. */
#include "tests/unit/unit.h"

#include "watcher/base/minisign.h"

#define KEY "RWQBAgMEBQYHCGKDszzuBUs4Bewv2Q/Qn5n4rEKdjA49a+SxKYYBrrW7"
#define OTHER_KEY "RWQxMjM0NTY3OMofi7cx7mjaEAoSuQhynWcqH1ackVim+OA9UuBXjB/b"
#define FILE_TEXT "the quick brown fox\n"

/* Signed by its BLAKE2b-512 digest, and as minisign before 0.11 did. */
static const char prehashed[] =
    "untrusted comment: signature\n"
    "RUQBAgMEBQYHCG5LX+b9a6MH+lSTioLQzLDXp/BUX4p3XVHb5XajVqamBnsxMx3lqXNCelMVAHEo/"
    "WORhTcSySiP48xpsYLF/g0=\n"
    "trusted comment: timestamp:1778056464\n"
    "zF5b5RBYbrXyIkBI8caudfpVrOKvEcpkBeErP2p53M+HvJjd7S3g3MXFflnWBc3s8C/r1TdDrvqOKx2oDMxvAg==\n";
static const char legacy[] =
    "untrusted comment: signature\n"
    "RWQBAgMEBQYHCDGbPZSWfrvKQcy90mXBC99Si48OE5+"
    "0149XSUIRHZXqYLSB3kK376vbWUZ0rgCTzCIa0LCs5OOC7J5bdtJ08gQ=\n"
    "trusted comment: timestamp:1778056464\n"
    "47fBVdVZDvDvNNYLTOORRtwA26jhrfTATJpGLFxmhorhzHlfpMAM0fu3DNIzMSWfZhbH2oBEGZ48pryxMxTRAg==\n";

static bool verify(const char *key, struct slice signature, const char *file, struct error *e)
{
    struct minisign *m = minisign_begin(slice_of(key), signature, e);
    if (!m)
        return false;
    for (const char *p = file; *p; p++) /* in the smallest pieces */
        minisign_add(m, slice_new(p, 1));
    return minisign_end(m, e);
}

static void right_signatures_are_taken(void **state)
{
    struct error e = {0};
    (void)state;
    assert_true(verify(KEY, slice_of(prehashed), FILE_TEXT, &e));
    assert_true(verify(KEY, slice_of(legacy), FILE_TEXT, &e));
    assert_string_equal(e.message, "");
}

static void returns_before_line_breaks_are_no_part_of_it(void **state)
{
    struct error e = {0};
    struct buf text = {0};
    (void)state;
    for (const char *p = prehashed; *p; p++)
        buf_addf(&text, "%s%c", *p == '\n' ? "\r" : "", *p);
    assert_true(verify(KEY, buf_slice(&text), FILE_TEXT, &e));
    buf_free(&text);
}

static void a_file_may_begin_again(void **state)
{
    static const char *const signatures[] = {prehashed, legacy};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct error e = {0};
        struct minisign *m = minisign_begin(SLICE(KEY), slice_of(signatures[i]), &e);
        assert_non_null(m);
        minisign_add(m, SLICE("something else"));
        minisign_restart(m);
        minisign_add(m, SLICE(FILE_TEXT));
        assert_true(minisign_end(m, &e));
    }
}

static void other_bytes_are_refused(void **state)
{
    static const char *const files[] = {"", "the quick brown fox", (FILE_TEXT "\n"),
                                        ("x" FILE_TEXT)};
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct error e = {0};
        assert_false(verify(KEY, slice_of(i % 2 ? legacy : prehashed), files[i / 2], &e));
        assert_error(&e, ERROR_REFUSED, "the signature is of other bytes");
    }
}

static void other_keys_are_refused(void **state)
{
    struct error e = {0};
    (void)state;
    assert_false(verify(OTHER_KEY, slice_of(prehashed), FILE_TEXT, &e));
    assert_error(&e, ERROR_REFUSED, "it was signed with another key");
    static const char *const keys[] = {"", "RW", "RWQ!", "untrusted comment: x"};
    for (size_t i = 0; i < 4; i++) {
        struct error none = {0};
        assert_false(verify(keys[i], slice_of(prehashed), FILE_TEXT, &none));
        assert_error(&none, ERROR_REFUSED, "the public key is none of minisign's");
    }
}

/* Change one byte, wherever it is: no signature survives it, but for the untrusted comment and the
 * letters of the alphabet that base64 does not tell apart. */
static void every_byte_counts(void **state)
{
    size_t untrusted = strcspn(prehashed, "\n");
    (void)state;
    for (size_t i = untrusted + 1; i < strlen(prehashed); i++) {
        struct error e = {0};
        struct buf text = {0};
        buf_add_text(&text, prehashed);
        text.ptr[i] = text.ptr[i] == 'A' ? 'B' : 'A';
        bool last = i + 1 == strlen(prehashed); /* a line break at the end says nothing */
        if (!last && verify(KEY, buf_slice(&text), FILE_TEXT, &e))
            fail_msg("byte %zu may be anything", i);
        buf_free(&text);
    }
}

static void what_is_no_signature_is_refused(void **state)
{
    static const char *const texts[] = {"", "\n\n\n\n", "<html></html>",
                                        "untrusted comment: x\nAAAA\ntrusted comment: y\nAAAA\n"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct error e = {0};
        assert_false(verify(KEY, slice_of(texts[i]), FILE_TEXT, &e));
        assert_error(&e, ERROR_REFUSED, "this is no signature of minisign");
    }
    struct error e = {0};
    struct buf large = {0};
    buf_add_text(&large, prehashed);
    buf_pad(&large, ' ', MINISIGN_LARGEST);
    assert_false(verify(KEY, buf_slice(&large), FILE_TEXT, &e));
    buf_free(&large);
}

static void a_large_file_signed_without_a_digest_is_refused_and_says_so(void **state)
{
    struct error e = {0};
    struct slice piece = slice_new(calloc(1, 1 << 20), 1 << 20);
    struct minisign *m = minisign_begin(SLICE(KEY), slice_of(legacy), &e);
    (void)state;
    for (size_t i = 0; i <= MINISIGN_LEGACY_MOST >> 20; i++)
        minisign_add(m, piece);
    assert_false(minisign_end(m, &e));
    assert_error(&e, ERROR_REFUSED, "larger than the 64 MiB that can be checked so");
    union {
        const char *in;
        char *out;
    } owned = {piece.ptr};
    free(owned.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_signatures_are_taken),
        cmocka_unit_test(returns_before_line_breaks_are_no_part_of_it),
        cmocka_unit_test(a_file_may_begin_again),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(other_keys_are_refused),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(what_is_no_signature_is_refused),
        cmocka_unit_test(a_large_file_signed_without_a_digest_is_refused_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
