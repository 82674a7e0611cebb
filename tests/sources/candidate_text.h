/* Candidates as the case files have them, and the rules that each must keep. */
#ifndef MWATCH_TESTS_SOURCES_CANDIDATE_TEXT_H
#define MWATCH_TESTS_SOURCES_CANDIDATE_TEXT_H

#include "sources/source.h"
#include "tests/sources/answer_file.h"
#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/* Compare with a file, or write it when that is asked for. */
static void compare(struct arena *a, const char *path, struct slice got)
{
    struct error e = {0};
    if (getenv("MWATCH_ACCEPT")) {
        assert_true(file_replace(path, got, &e));
        return;
    }
    struct slice want = exists(path) ? read_file(a, path) : SLICE("(no file)\n");
    if (!slice_equal(want, got))
        fail_msg("%s differs; wanted:\n%.*s\ngot:\n%.*s", path, SLICE_ARG(want), SLICE_ARG(got));
}

/* RAW | commit HEX | published TIME | flags ... | url URL | notes TEXT | asset ... */
static void add_field(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_addf(out, " | %s ", name);
    text_add_visible(out, slice_of(value));
}

static void add_asset(struct buf *out, const struct asset *asset)
{
    add_field(out, "asset", asset->name);
    if (asset->size >= 0)
        buf_addf(out, " %lld", (long long)asset->size);
    if (asset->sha256)
        buf_addf(out, " sha256:%s", asset->sha256);
    if (asset->sha512)
        buf_addf(out, " sha512:%s", asset->sha512);
    buf_addf(out, " ");
    text_add_visible(out, slice_of(asset->url));
}

static void add_flags(struct buf *out, unsigned flags)
{
    static const char *const names[] = {"draft", "prerelease", "yanked", "latest", "tag", "brief"};
    if (flags)
        buf_add_text(out, " | flags");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (flags & 1u << i)
            buf_addf(out, " %s", names[i]);
}

static void add_candidate(struct buf *out, const struct candidate *c)
{
    text_add_visible(out, slice_of(c->raw));
    add_field(out, "commit", c->commit);
    if (c->published) {
        buf_add_text(out, " | published ");
        timestamp_add(out, c->published);
    }
    add_flags(out, c->flags);
    add_field(out, "url", c->url);
    add_field(out, "notes", c->notes);
    for (size_t i = 0; i < c->asset_count; i++)
        add_asset(out, &c->assets[i]);
    buf_add_byte(out, '\n');
}

static void check_hex(const char *text, size_t length)
{
    if (!text)
        return;
    assert_true(slice_all_hex(slice_of(text)));
    assert_int_equal(strlen(text), length);
    assert_int_equal(strcspn(text, "ABCDEF"), length);
}

static void check_candidate(const struct candidate *c)
{
    assert_non_null(c->raw);
    assert_true(*c->raw);
    if (c->commit)
        check_hex(c->commit, strlen(c->commit) == 64 ? 64 : 40);
    for (size_t i = 0; i < c->asset_count; i++) {
        assert_non_null(c->assets[i].name);
        assert_non_null(c->assets[i].url);
        check_hex(c->assets[i].sha256, SHA256_HEX);
        check_hex(c->assets[i].sha512, SHA512_HEX);
        assert_true(c->assets[i].size >= -1);
    }
}

#endif
