/* Signatures of indexes, made the way abuild-sign makes them, with keys that openssl makes here. */
#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/rebuild/index.h"
#include "watcher/rebuild/signature.h"

#include <unistd.h>

static char folder[] = "/tmp/mwatch-signature-XXXXXX";

/* Run in the folder; the test fails when the command does. */
static void run(const char *command)
{
    char line[2048];
    snprintf(line, sizeof line, "cd %s && { %s; } >log 2>&1", folder, command);
    if (system(line) != 0) {
        fprintf(stderr, "failed: %s\n", command);
        fail();
    }
}

static struct buf read_back(const char *name)
{
    char path[256];
    struct buf out = {0};
    struct error e = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(file_read(path, &out, &e));
    return out;
}

/* FILE.tar.gz signed with KEY by DIGEST, in an entry called ENTRY: the signature's tar has no end.
 */
static void sign(const char *to, const char *key, const char *digest, const char *entry)
{
    char command[1024];
    snprintf(
        command, sizeof command,
        "openssl dgst -%s -sign %s.key -out '%s' plain.tar.gz && "
        "tar -cf - --format=ustar --owner=0 --group=0 '%s' | head -c 1024 | gzip -n9 >front && "
        "cat front plain.tar.gz >%s",
        digest, key, entry, entry, to);
    run(command);
}

static int make_keys(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    run("for k in one two; do openssl genrsa -out $k.key 2048 && openssl rsa -in $k.key -pubout "
        "-out $k.rsa.pub; done");
    run("openssl genrsa -out small.key 1024 && openssl rsa -in small.key -pubout -out "
        "small.rsa.pub");
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.key && "
        "openssl ec -in ec.key -pubout -out ec.pub");
    run("printf 'P:tzdata\\nV:2026a-r0\\n\\n' >APKINDEX && printf 'v1' >DESCRIPTION && "
        "tar -cf - --format=ustar DESCRIPTION APKINDEX | gzip -n9 >plain.tar.gz");
    return 0;
}

static int remove_keys(void **state)
{
    char line[256];
    (void)state;
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return system(line);
}

static struct keyring *ring_of(const char *file, const char *name)
{
    struct keyring *k = keyring_new();
    struct error e = {0};
    struct buf pem = read_back(file);
    assert_true(keyring_add(k, slice_of(name), buf_slice(&pem), &e));
    buf_free(&pem);
    return k;
}

static void check_accepted(const char *file)
{
    struct keyring *k = ring_of("one.rsa.pub", "one.rsa.pub");
    struct buf bytes = read_back(file), plain = read_back("plain.tar.gz");
    struct slice part;
    struct error e = {0};
    struct index *ix = index_new();
    signature_verify(k, buf_slice(&bytes), &part, &e);
    assert_string_equal(e.message, "");
    assert_slice(part, buf_slice(&plain));
    assert_true(index_add(ix, &(struct repository){"signed", NULL}, part, &e));
    assert_int_equal(index_count(ix), 1);
    index_free(ix);
    keyring_free(k);
    buf_free(&bytes);
    buf_free(&plain);
}

static void check_refused(struct keyring *k, struct slice bytes, const char *why)
{
    struct slice part;
    struct error e = {0};
    assert_false(signature_verify(k, bytes, &part, &e));
    assert_error(&e, ERROR_REFUSED, why);
    assert_int_equal(part.len, 0);
}

static void check_file_refused(const char *file, const char *why)
{
    struct keyring *k = ring_of("one.rsa.pub", "one.rsa.pub");
    struct buf bytes = read_back(file);
    check_refused(k, buf_slice(&bytes), why);
    buf_free(&bytes);
    keyring_free(k);
}

static void test_sha1(void **state)
{
    (void)state;
    sign("signed", "one", "sha1", ".SIGN.RSA.one.rsa.pub");
    check_accepted("signed");
}

static void test_sha256(void **state)
{
    (void)state;
    sign("signed", "one", "sha256", ".SIGN.RSA256.one.rsa.pub");
    check_accepted("signed");
}

static void test_digest_must_fit(void **state)
{
    (void)state;
    sign("signed", "one", "sha256", ".SIGN.RSA.one.rsa.pub");
    check_file_refused("signed", "the index is not what one.rsa.pub signed");
}

static void test_key_must_fit(void **state)
{
    (void)state;
    sign("signed", "two", "sha256", ".SIGN.RSA256.one.rsa.pub");
    check_file_refused("signed", "the index is not what one.rsa.pub signed");
}

static void test_unknown_key(void **state)
{
    (void)state;
    sign("signed", "two", "sha256", ".SIGN.RSA256.two.rsa.pub");
    check_file_refused("signed", "signed with two.rsa.pub, which is no key of the keyring");
}

static void test_unknown_kind(void **state)
{
    (void)state;
    sign("signed", "one", "sha512", ".SIGN.RSA512.one.rsa.pub");
    check_file_refused("signed", "the index is not signed");
}

static void test_unsigned(void **state)
{
    (void)state;
    check_file_refused("plain.tar.gz", "the index is not signed");
    check_file_refused("APKINDEX", "the index is not signed");
}

static void test_one_of_two_keys(void **state)
{
    (void)state;
    sign("other", "two", "sha256", ".SIGN.RSA256.two.rsa.pub");
    sign("signed", "one", "sha256", ".SIGN.RSA256.one.rsa.pub");
    run("tar -cf - --format=ustar .SIGN.RSA256.two.rsa.pub .SIGN.RSA256.one.rsa.pub | head -c 2048 "
        "| "
        "gzip -n9 >front && cat front plain.tar.gz >both");
    check_accepted("both");
}

/* The signature's stream comes first, and the index directly after it. */
static void test_something_put_in(void **state)
{
    (void)state;
    sign("signed", "one", "sha256", ".SIGN.RSA256.one.rsa.pub");
    run("mkdir -p evil && printf 'P:evil\\nV:1\\n' >evil/APKINDEX && "
        "tar -C evil -cf - --format=ustar APKINDEX | head -c 1024 | gzip -n9 >evil.gz && "
        "cat evil.gz signed >prefixed && cat front evil.gz plain.tar.gz >inserted && "
        "cat signed evil.gz >appended");
    check_file_refused("prefixed", "the index is not signed");
    check_file_refused("inserted", "the index is not what one.rsa.pub signed");
    check_file_refused("appended", "the index is not what one.rsa.pub signed");
    run("cp evil/APKINDEX . && tar -cf - --format=ustar .SIGN.RSA256.one.rsa.pub APKINDEX | "
        "head -c 2048 | gzip -n9 >front && cat front plain.tar.gz >beside");
    check_file_refused("beside", "the index is not signed");
}

static void test_every_byte_counts(void **state)
{
    (void)state;
    struct keyring *k = ring_of("one.rsa.pub", "one.rsa.pub");
    sign("signed", "one", "sha1", ".SIGN.RSA.one.rsa.pub");
    struct buf bytes = read_back("signed"), front = read_back("front");
    for (size_t i = front.len; i < bytes.len; i++) {
        bytes.ptr[i] ^= 1;
        check_refused(k, buf_slice(&bytes), "");
        bytes.ptr[i] ^= 1;
    }
    for (size_t len = 0; len < bytes.len; len++)
        check_refused(k, slice_first(buf_slice(&bytes), len), "");
    buf_free(&bytes);
    buf_free(&front);
    keyring_free(k);
}

static void test_places_that_look_like_the_index(void **state)
{
    (void)state;
    struct keyring *k = ring_of("one.rsa.pub", "one.rsa.pub");
    struct buf bytes = {0};
    for (unsigned i = 0; i < 100000; i++)
        buf_add(&bytes, slice_new("\x1f\x8b\x08", 3));
    check_refused(k, buf_slice(&bytes), "the index is not signed");
    buf_free(&bytes);
    keyring_free(k);
}

static void check_no_key(const char *file)
{
    struct keyring *k = keyring_new();
    struct error e = {0};
    struct buf pem = read_back(file);
    assert_false(keyring_add(k, SLICE("a.rsa.pub"), buf_slice(&pem), &e));
    assert_error(&e, ERROR_USAGE, "a.rsa.pub: not an RSA public key of 2048 bits or more in PEM");
    buf_free(&pem);
    keyring_free(k);
}

static void test_keys_that_are_none(void **state)
{
    (void)state;
    run("head -c 200 one.rsa.pub >cut.pub; : >empty.pub");
    check_no_key("small.rsa.pub");
    check_no_key("ec.pub");
    check_no_key("one.key");
    check_no_key("cut.pub");
    check_no_key("empty.pub");
    check_no_key("plain.tar.gz");
    keyring_free(NULL);
}

static void test_later_key_of_a_name(void **state)
{
    (void)state;
    struct keyring *k = ring_of("two.rsa.pub", "one.rsa.pub");
    struct buf pem = read_back("one.rsa.pub");
    struct slice part;
    struct error e = {0};
    sign("signed", "one", "sha256", ".SIGN.RSA256.one.rsa.pub");
    struct buf bytes = read_back("signed");
    check_refused(k, buf_slice(&bytes), "not what one.rsa.pub signed");
    assert_true(keyring_add(k, SLICE("one.rsa.pub"), buf_slice(&pem), &e));
    assert_true(signature_verify(k, buf_slice(&bytes), &part, &e));
    buf_free(&pem);
    buf_free(&bytes);
    keyring_free(k);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha1),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_digest_must_fit),
        cmocka_unit_test(test_key_must_fit),
        cmocka_unit_test(test_unknown_key),
        cmocka_unit_test(test_unknown_kind),
        cmocka_unit_test(test_unsigned),
        cmocka_unit_test(test_one_of_two_keys),
        cmocka_unit_test(test_something_put_in),
        cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_places_that_look_like_the_index),
        cmocka_unit_test(test_keys_that_are_none),
        cmocka_unit_test(test_later_key_of_a_name),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
