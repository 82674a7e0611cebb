#include "tests/unit/unit.h"

#include "watcher/base/archive.h"
#include "watcher/base/file.h"
#include "watcher/base/tar.h"

#include <dirent.h>

/* Sound archives, a few hundred bytes each: every test over the folder takes all of them. */
#define FOLDER "tests/unit/base/archives"

static void read_fixture(const char *name, struct buf *out)
{
    struct arena a = {0};
    struct error e = {0};
    file_read(arena_printf(&a, FOLDER "/%s", name), out, &e);
    assert_string_equal(e.message, "");
    arena_free(&a);
}

static bool check(struct slice bytes, size_t piece, struct error *e)
{
    struct archive_check *c = archive_check_begin();
    for (size_t at = 0; at < bytes.len; at += piece)
        archive_check_add(c, slice_first(slice_from(bytes, at), piece));
    return archive_check_end(c, e);
}

static void each_fixture(void (*test)(const char *name, struct slice bytes))
{
    size_t count = 0;
    DIR *dir = opendir(FOLDER);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct buf bytes = {0};
        if (entry->d_name[0] == '.')
            continue;
        read_fixture(entry->d_name, &bytes);
        test(entry->d_name, buf_slice(&bytes));
        buf_free(&bytes);
        count++;
    }
    closedir(dir);
    assert_true(count >= 19);
}

static void passes_in_any_pieces(const char *name, struct slice bytes)
{
    static const size_t pieces[] = {1, 3, 511, 512, 513, 100000};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct error e = {0};
        if (!check(bytes, pieces[i], &e))
            fail_msg("%s in pieces of %zu: %s", name, pieces[i], e.message);
    }
}

static void sound_archives(void **state)
{
    (void)state;
    each_fixture(passes_in_any_pieces);
}

/* The bytes a fixture cannot do without: all, but of a tar's two blocks of zeros only the first. */
static size_t needed(struct slice bytes)
{
    return file_kind_of(bytes) == FILE_TAR ? bytes.len - TAR_BLOCK : bytes.len;
}

/* A second gzip stream may be missing without a trace, and so may all of it but its header. */
static bool is_seam(struct slice bytes, size_t at)
{
    struct slice magic = SLICE("\x1F\x8B\x08");
    size_t seam = slice_find(slice_from(bytes, 1), magic) + 1;
    return slice_starts(bytes, magic) && seam != 0 && at >= seam && at < seam + 10;
}

static void refused_when_cut(const char *name, struct slice bytes)
{
    for (size_t len = 0; len < needed(bytes); len++) {
        struct error e = {0};
        struct slice cut = slice_first(bytes, len);
        bool recognised = file_kind_of(cut) != FILE_OTHER;
        if (is_seam(bytes, len))
            continue;
        if (check(cut, 200, &e) == recognised)
            fail_msg("%s cut to %zu bytes: %s", name, len, e.message);
        if (recognised)
            assert_error(&e, ERROR_REFUSED, "archive cannot be read to its end: ");
    }
}

static void cut_anywhere(void **state)
{
    (void)state;
    each_fixture(refused_when_cut);
}

static void kind_is_recognised_and_promised(const char *name, struct slice bytes)
{
    enum file_kind kind = file_kind_of(slice_first(bytes, 512));
    if (kind != file_kind_promised(slice_of(name)))
        fail_msg("%s is %s", name, file_kind_name(kind));
}

static void kinds_of_fixtures(void **state)
{
    (void)state;
    each_fixture(kind_is_recognised_and_promised);
}

static void kinds_of_texts(void **state)
{
    static const struct {
        struct slice head;
        enum file_kind kind;
    } rows[] = {
        {{"", 0}, FILE_OTHER},
        {{"\n <!DOCTYPE HTML PUBLIC", 23}, FILE_HTML},
        {{"\xEF\xBB\xBF<html>", 9}, FILE_HTML},
        {{"<HEAD><TITLE>502</TITLE>", 24}, FILE_HTML},
        {{"<?xml version=\"1.0\"?>\n<!DOCTYPE html>", 37}, FILE_HTML},
        {{"<?xml version=\"1.0\"?>\n<html xmlns=", 34}, FILE_HTML},
        {{"<!-- cached --><!doctype html>", 30}, FILE_HTML},
        {{"<?xml version=\"1.0\"?><Error><Code>", 34}, FILE_OTHER},
        {{"<rss version=\"2.0\">", 19}, FILE_OTHER},
        {{"<!-- never closed", 17}, FILE_OTHER},
        {{"{\"message\": \"Not Found\"", 23}, FILE_JSON},
        {{" [\n  {\"name\"", 12}, FILE_JSON},
        {{"{}", 2}, FILE_JSON},
        {{"[1", 2}, FILE_JSON},
        {{"[section]\nkey=1", 15}, FILE_OTHER},
        {{"{ font-size: 1em }", 18}, FILE_OTHER},
        {{"#!/bin/sh\n", 10}, FILE_OTHER},
        {{"\177ELF\2\1\1", 7}, FILE_ELF},
        {{"PK\3\4", 4}, FILE_ZIP},
        {{"\x1F\x8B\x08", 3}, FILE_GZIP},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (file_kind_of(rows[i].head) != rows[i].kind)
            fail_msg("%s: %s", rows[i].head.ptr, file_kind_name(file_kind_of(rows[i].head)));
}

static void names_promise(void **state)
{
    static const struct {
        const char *name;
        enum file_kind kind;
    } rows[] = {
        {"php-8.5.1.tar.gz", FILE_GZIP},
        {"kafka_2.13-4.1.0.tgz", FILE_GZIP},
        {"rabbitmq-server-generic-unix-4.2.1.tar.xz", FILE_XZ},
        {"a.TAR.BZ2", FILE_BZIP2},
        {"a.tar.zst", FILE_ZSTD},
        {"jenkins.war", FILE_ZIP},
        {"git.hpi", FILE_ZIP},
        {"rails-8.1.1.gem", FILE_TAR},
        {"serde-1.0.228.crate", FILE_GZIP},
        {"envoy-1.36.2-linux-x86_64", FILE_ELF},
        {"tool_linux_arm64", FILE_ELF},
        {"tool-linux-amd64.sha256", FILE_OTHER},
        {"tool-darwin-arm64", FILE_OTHER},
        {"a.sha256", FILE_OTHER},
        {".gz", FILE_OTHER},
        {"", FILE_OTHER},
        {"gz", FILE_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (file_kind_promised(slice_of(rows[i].name)) != rows[i].kind)
            fail_msg("%s", rows[i].name);
}

static void what_is_no_archive_passes(void **state)
{
    static const char *const texts[] = {"", "x", "<html>", "{}", "\177ELF", "plain text"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error e = {0};
        assert_true(check(slice_of(texts[i]), 2, &e));
    }
    struct buf large = {0};
    struct error e = {0};
    buf_pad(&large, 'x', 1000000);
    assert_true(check(buf_slice(&large), 16384, &e));
    buf_free(&large);
}

/* One byte of a fixture changed. */
static void refuse_changed(const char *name, size_t at, char byte, const char *reason)
{
    struct buf bytes = {0};
    struct error e = {0};
    read_fixture(name, &bytes);
    assert_true(at < bytes.len);
    bytes.ptr[at] = byte;
    assert_false(check(buf_slice(&bytes), 1000, &e));
    assert_error(&e, ERROR_REFUSED, reason);
    buf_free(&bytes);
}

static void damaged(void **state)
{
    (void)state;
    refuse_changed("ustar.tar", 512 + 2, 'X',
                   "the tar archive cannot be read to its end: "
                   "a header's checksum is wrong");
    refuse_changed("ustar.tar.xz", 60, '\0', "the xz archive cannot be read to its end: ");
    refuse_changed("ustar.tar.bz2", 100, '\0', "the bzip2 archive cannot be read to its end: ");
    refuse_changed("ustar.tar.zst", 40, '\xFF', "the zstd archive cannot be read to its end: ");
    refuse_changed("jenkins.war", 284, 1,
                   "the zip archive cannot be read to its end: "
                   "its end record is missing");
    refuse_changed("jenkins.war", 286 - 22 + 17, 0x7F, "its directory is not whole");
}

/* What follows the end of an archive is nobody's business: bzip2 pads, people sign. */
static void bytes_behind_the_end(void **state)
{
    static const char *const names[] = {"ustar.tar", "ustar.tar.gz"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buf bytes = {0};
        struct error e = {0};
        read_fixture(names[i], &bytes);
        buf_pad(&bytes, 'x', 2000);
        assert_true(check(buf_slice(&bytes), 1000, &e));
        buf_free(&bytes);
    }
}

static void sum_up(char *header)
{
    unsigned sum = 0;
    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 7, "%06o", sum);
}

/* A header that says its entry has so many bytes, in octal or in base 256. */
static void make_header(char *header, char type, const char *size)
{
    memset(header, 0, TAR_BLOCK);
    header[0] = 'f';
    header[156] = type;
    memcpy(header + 124, size, 12);
    sum_up(header);
}

static const char *follow(char type, const char *size, size_t data, bool strict)
{
    static const char zeros[TAR_BLOCK];
    struct tar t = {0};
    char header[TAR_BLOCK];
    make_header(header, type, size);
    tar_add(&t, slice_new(header, TAR_BLOCK));
    for (size_t i = 0; i < data; i++)
        tar_add(&t, SLICE("x"));
    tar_add(&t, slice_new(zeros, TAR_BLOCK));
    return tar_end(&t, strict);
}

static void tar_sizes(void **state)
{
    (void)state;
    assert_null(follow('0', "00000000000", 0, true));
    assert_null(follow('0', "00000001000", 512, true));
    assert_null(follow('0', "     1000  ", 512, true));
    assert_null(follow('0', "\x80\0\0\0\0\0\0\0\0\0\2\0", 512, true));
    assert_null(follow('5', "00000001000", 0, true)); /* a directory has no data */
    assert_null(follow('1', "00000001000", 0, true)); /* a hard link may state its target's size */
    assert_null(follow('1', "00000001000", 512, true));
    assert_string_equal(follow('0', "00000004000", 512, true), "it ends within an entry");
    assert_string_equal(follow('0', "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE\0", 0, true),
                        "an entry's size makes no sense");
    assert_string_equal(follow('0', "\x80\x80\0\0\0\0\0\0\0\0\0\0", 0, true),
                        "an entry's size makes no sense");
    assert_string_equal(follow('0', "\x80\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 0, true),
                        "an entry's size makes no sense");
    assert_string_equal(follow('0', "\x80\0\0\0\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 0, true),
                        "it ends within an entry");
    assert_string_equal(follow('0', "12345678x12", 0, true), "an entry's size makes no sense");
}

static void tar_without_its_end(void **state)
{
    struct tar t = {0};
    char header[TAR_BLOCK];
    (void)state;
    make_header(header, '0', "00000000000");
    tar_add(&t, slice_new(header, TAR_BLOCK));
    assert_null(tar_end(&t, false));
    assert_string_equal(tar_end(&t, true), "its end is missing");
    tar_add(&t, slice_new(header, 100));
    assert_string_equal(tar_end(&t, false), "it ends within a header");
}

static void entries(void **state)
{
    static const struct {
        const char *archive, *name, *start;
        size_t len;
    } rows[] = {
        {"APKINDEX.tar.gz", "APKINDEX", "C:Q1s2LwwmBPrtZDcXuYoyaqWV0AH/w=\nP:python-3.13\n", 290},
        {"APKINDEX.tar.gz", "DESCRIPTION", "packages built on 2025-11-06", 28},
        {"two-ends.tar.gz", "second", "2", 1},
        {"ustar.tar", "redis-8.2.1/README.md", "# Redis\n", 320},
        {"ustar.tar.xz", "redis-8.2.1/empty", "", 0},
        {"ustar.tar.bz2", "redis-8.2.1/README.md", "# Redis\n", 320},
        {"ustar.tar.zst", "redis-8.2.1/README.md", "# Redis\n", 320},
        {"jenkins.war", "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n", 440},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf bytes = {0}, out = {0};
        struct error e = {0};
        read_fixture(rows[i].archive, &bytes);
        archive_entry(buf_slice(&bytes), rows[i].name, &out, &e);
        assert_string_equal(e.message, "");
        assert_true(slice_starts(buf_slice(&out), slice_of(rows[i].start)));
        assert_int_equal(out.len, rows[i].len);
        buf_free(&bytes);
        buf_free(&out);
    }
}

static void no_entry(struct slice archive, const char *name, const char *reason)
{
    struct buf out = BUF_MAX(100);
    struct error e = {0};
    assert_false(archive_entry(archive, name, &out, &e));
    assert_error(&e, ERROR_UPSTREAM, reason);
    buf_free(&out);
}

static void entries_that_are_not_there(void **state)
{
    struct buf bytes = {0};
    (void)state;
    read_fixture("APKINDEX.tar.gz", &bytes);
    no_entry(buf_slice(&bytes), "index", "the archive has no index");
    no_entry(buf_slice(&bytes), "APKINDEX", "larger than 100 bytes");
    no_entry(slice_first(buf_slice(&bytes), bytes.len - 30), "none", "not an archive that can be");
    no_entry(SLICE("<!DOCTYPE html><html>"), "APKINDEX", "not an archive that can be read");
    no_entry(SLICE(""), "APKINDEX", "not an archive that can be read");
    buf_free(&bytes);
}

/* A zstd frame (RFC 8878) of so many blocks, each one byte 128 Ki times. */
static void write_zeros(struct buf *out, size_t blocks)
{
    buf_add(out, SLICE("\x28\xb5\x2f\xfd\x00\x38")); /* no size, a window of 128 KiB */
    for (size_t i = 0; i < blocks; i++) {
        uint32_t header = (128U * 1024) << 3 | 1U << 1 | (i + 1 == blocks);
        for (int k = 0; k < 3; k++)
            buf_add_byte(out, (char)(header >> (8 * k) & 0xFF));
        buf_add_byte(out, '\0');
    }
}

static void a_bomb_is_given_up(void **state)
{
    struct buf small = {0}, bomb = {0};
    struct error e = {0};
    (void)state;
    write_zeros(&small, 256 * 8);
    write_zeros(&bomb, 257 * 8);
    assert_true(check(buf_slice(&small), 1000, &e));
    assert_false(check(buf_slice(&bomb), 1000, &e));
    assert_error(&e, ERROR_REFUSED,
                 "the zstd archive cannot be read to its end: it expands to more than 1000 times");
    no_entry(buf_slice(&bomb), "APKINDEX", "it expands to more than 1000 times its size");
    buf_free(&small);
    buf_free(&bomb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_archives),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(kinds_of_fixtures),
        cmocka_unit_test(kinds_of_texts),
        cmocka_unit_test(names_promise),
        cmocka_unit_test(what_is_no_archive_passes),
        cmocka_unit_test(a_bomb_is_given_up),
        cmocka_unit_test(damaged),
        cmocka_unit_test(bytes_behind_the_end),
        cmocka_unit_test(tar_sizes),
        cmocka_unit_test(tar_without_its_end),
        cmocka_unit_test(entries),
        cmocka_unit_test(entries_that_are_not_there),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
