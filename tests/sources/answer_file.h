/* Reads the files of a recorded answer; the formats are described in test_sources.c. Include after
 * cmocka.h. */
#ifndef MWATCH_TESTS_SOURCES_ANSWER_FILE_H
#define MWATCH_TESTS_SOURCES_ANSWER_FILE_H

#include "watcher/base/arena.h"
#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/base/pktline.h"
#include "watcher/base/request.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { CASE_BYTES = 8 << 20 };

static bool exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static struct slice read_file(struct arena *a, const char *path)
{
    struct buf content = BUF_MAX(CASE_BYTES);
    struct error e = {0};
    if (!file_read(path, &content, &e))
        fail_msg("%s", e.message);
    struct slice copy = arena_slice(a, buf_slice(&content));
    buf_free(&content);
    return copy;
}

static void unescape(struct buf *out, struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : '\0';
        if (c != '\\' || !next) {
            buf_add_byte(out, c);
        } else if (next == 'x' && i + 3 < line.len) {
            char hex[3] = {line.ptr[i + 2], line.ptr[i + 3], '\0'};
            buf_add_byte(out, (char)strtol(hex, NULL, 16));
            i += 3;
        } else {
            buf_add_byte(out, next == '0' ? '\0' : next == 'n' ? '\n' : next);
            i++;
        }
    }
}

static void decode_pkt(struct slice text, struct buf *out)
{
    struct buf payload = {0};
    struct slice line;
    while (slice_line(&text, &line)) {
        if (slice_is(line, "0000") || slice_is(line, "0001")) {
            buf_add(out, line);
            continue;
        }
        buf_clear(&payload);
        unescape(&payload, line);
        assert_true(pkt_add(out, buf_slice(&payload)));
    }
    buf_free(&payload);
}

static void decode_hex(struct slice text, struct buf *out)
{
    char pair[3] = {0};
    size_t filled = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.ptr[i]))
            continue;
        assert_true(is_hex(text.ptr[i]));
        pair[filled++] = text.ptr[i];
        if (filled == 2)
            buf_add_byte(out, (char)strtol(pair, NULL, 16));
        filled %= 2;
    }
    assert_int_equal(filled, 0);
}

static void decode_base64(struct slice text, struct buf *out)
{
    struct buf joined = {0};
    for (size_t i = 0; i < text.len; i++)
        if (!is_blank(text.ptr[i]))
            buf_add_byte(&joined, text.ptr[i]);
    assert_true(base64_decode(buf_slice(&joined), out));
    buf_free(&joined);
}

static const struct encoding {
    const char *suffix;
    void (*decode)(struct slice text, struct buf *out);
} encodings[] = {{"pkt", decode_pkt}, {"hex", decode_hex}, {"base64", decode_base64}};

/* The body from a file beside the answer, where there is one. */
static void read_body(struct arena *a, const char *dir, unsigned page, struct response *answer)
{
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        const char *path = arena_printf(a, "%s/page-%u.%s", dir, page, encodings[i].suffix);
        if (!exists(path))
            continue;
        struct buf body = {0};
        encodings[i].decode(read_file(a, path), &body);
        answer->body = arena_slice(a, buf_slice(&body));
        buf_free(&body);
    }
}

static void read_header(struct arena *a, struct slice line, struct response *answer)
{
    VEC(struct header) headers = {answer->headers, answer->header_count, answer->header_count};
    struct slice name = {0}, value = line;
    slice_split(&value, line.len && line.ptr[0] == '@' ? ' ' : ':', &name);
    char *lower = arena_alloc(a, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        lower[i] = to_lower(name.ptr[i]);
    const char *text = arena_text(a, slice_trim(value));
    if (slice_is(name, "@url:"))
        answer->url = text;
    else
        vec_push(a, &headers, ((struct header){lower, text}));
    answer->headers = headers.items;
    answer->header_count = headers.count;
}

/* Read page-N.http and what belongs to it; a missing one fails the test. `url` is what was asked.
 * Its status is that of the first line. */
static void answer_file_read(struct arena *a, const char *dir, unsigned page, const char *url,
                             struct response *answer)
{
    const char *path = arena_printf(a, "%s/page-%u.http", dir, page);
    *answer = (struct response){.status = 200, .url = url};
    if (exists(path)) {
        struct slice rest = read_file(a, path), line, version, status;
        unsigned long long number;
        assert_true(slice_line(&rest, &line) && slice_starts(line, SLICE("HTTP/")));
        slice_split(&line, ' ', &version);
        slice_split(&line, ' ', &status);
        assert_true(slice_number(status, &number));
        answer->status = (int)number;
        while (slice_line(&rest, &line) && line.len)
            read_header(a, line, answer);
        answer->body = rest;
    }
    read_body(a, dir, page, answer);
    if (!exists(path) && !answer->body.ptr)
        fail_msg("%s: page %u is asked for and not there", dir, page);
}

#endif
