#include "tests/unit/unit.h"

#include "watcher/base/hash.h"

/* FIPS 180-4's examples. */
static const struct {
    struct slice text;
    const char *sha256, *sha512;
} known[] = {
    {{"", 0},
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
    {{"abc", 3},
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

static void known_digests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct hash_result r;
        hash_bytes(known[i].text, &r);
        assert_string_equal(r.sha256, known[i].sha256);
        assert_string_equal(r.sha512, known[i].sha512);
        assert_int_equal(r.size, known[i].text.len);
    }
    struct hash_result none;
    hash_bytes(slice_of(NULL), &none);
    assert_string_equal(none.sha256, known[0].sha256);
}

/* A million times "a", in pieces of every size up to 1,413. */
static void pieces(void **state)
{
    enum { MILLION = 1000000 };
    struct hash *h = hash_begin();
    struct hash_result r;
    char piece[1500];
    size_t sent = 0;
    (void)state;
    memset(piece, 'a', sizeof piece);
    for (size_t len = 0; sent < MILLION; len++) {
        size_t part = len < MILLION - sent ? len : MILLION - sent;
        hash_add(h, slice_new(piece, part));
        sent += part;
    }
    hash_end(h, &r);
    assert_int_equal(r.size, MILLION);
    assert_string_equal(r.sha256,
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_string_equal(r.sha512,
                        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                        "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
}

static void dropped(void **state)
{
    struct hash *h = hash_begin();
    (void)state;
    hash_add(h, SLICE("x"));
    hash_drop(h);
}

/* RFC 4648, 10. */
static const struct {
    const char *plain, *coded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void base64_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct buf out = {0};
        base64_encode(slice_of(vectors[i].plain), &out);
        assert_slice(buf_slice(&out), slice_of(vectors[i].coded));
        buf_clear(&out);
        assert_true(base64_decode(slice_of(vectors[i].coded), &out));
        assert_slice(buf_slice(&out), slice_of(vectors[i].plain));
        buf_free(&out);
    }
}

static void base64_of_every_byte(void **state)
{
    struct buf bytes = {0}, coded = {0}, back = {0};
    (void)state;
    for (int i = 0; i < 256; i++) {
        buf_add_byte(&bytes, (char)i);
        buf_clear(&coded);
        buf_clear(&back);
        base64_encode(buf_slice(&bytes), &coded);
        assert_int_equal(coded.len, (bytes.len + 2) / 3 * 4);
        assert_true(base64_decode(buf_slice(&coded), &back));
        assert_true(slice_equal(buf_slice(&back), buf_slice(&bytes)));
    }
    buf_free(&bytes);
    buf_free(&coded);
    buf_free(&back);
}

static void not_base64(void **state)
{
    static const char *const bad[] = {
        "Z",    "Zg",   "Zg=",  "Zg==\n", "Zm9v\nZm9v", "Zh==", /* bits left over */
        "Zm9=", "=Zg=", "Z===", "====",   "Zg==Zg==",   "Zm-_", "Zm 8", "Zm\x80v",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf out = {0};
        buf_add_text(&out, "kept");
        if (base64_decode(slice_of(bad[i]), &out))
            fail_msg("%s", bad[i]);
        assert_string_equal(buf_text(&out), "kept");
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(pieces),
        cmocka_unit_test(dropped),
        cmocka_unit_test(base64_vectors),
        cmocka_unit_test(base64_of_every_byte),
        cmocka_unit_test(not_base64),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
