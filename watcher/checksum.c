/* The files in which upstreams publish hashes, in all the forms that are in use. */
#include "watcher/artefact.h"

#include "watcher/base/buf.h"

#include <string.h>

const char *artefact_known_checksum(struct arena *a, const char *url)
{
    static const struct {
        const char *prefix, *instead, *suffix;
    } known[] = {
        {"https://get.jenkins.io/", NULL, ".sha256"},
        {"https://downloads.apache.org/", NULL, ".sha512"},
        {"https://archive.apache.org/dist/", NULL, ".sha512"},
        /* The mirror network carries no checksums: they come from Apache itself. */
        {"https://dlcdn.apache.org/", "https://downloads.apache.org/", ".sha512"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct slice prefix = slice_of(known[i].prefix);
        if (!slice_starts(slice_of(url), prefix))
            continue;
        return arena_printf(a, "%s%s%s", known[i].instead ? known[i].instead : known[i].prefix,
                            url + prefix.len, known[i].suffix);
    }
    return NULL;
}

static const char *lower(struct arena *a, struct slice hex)
{
    char *copy = arena_alloc(a, hex.len + 1);
    for (size_t i = 0; i < hex.len; i++)
        copy[i] = to_lower(hex.ptr[i]);
    return copy;
}

static bool is_hash(struct slice word)
{
    return (word.len == SHA256_HEX || word.len == SHA512_HEX) && slice_all_hex(word);
}

/* ---- words ---- */

/* Which digest the words before a hash say that it is. */
enum label { LABEL_NONE, LABEL_OURS, LABEL_FOREIGN };

/* Digests that are as long as ours, and would be taken for one. */
static enum label label_of(struct slice word)
{
    static const struct {
        const char *word;
        enum label label;
    } labels[] = {
        {"sha256", LABEL_OURS},         {"sha-256", LABEL_OURS},
        {"sha2-256", LABEL_OURS},       {"sha512", LABEL_OURS},
        {"sha-512", LABEL_OURS},        {"sha2-512", LABEL_OURS},
        {"sha3-256", LABEL_FOREIGN},    {"sha3-512", LABEL_FOREIGN},
        {"sha512/256", LABEL_FOREIGN},  {"sha512-256", LABEL_FOREIGN},
        {"blake2b", LABEL_FOREIGN},     {"blake2s", LABEL_FOREIGN},
        {"blake2b-512", LABEL_FOREIGN}, {"blake2s-256", LABEL_FOREIGN},
        {"blake3", LABEL_FOREIGN},      {"sm3", LABEL_FOREIGN},
        {"whirlpool", LABEL_FOREIGN},   {"md5", LABEL_FOREIGN},
        {"sha1", LABEL_FOREIGN},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (slice_equal_nocase(word, slice_of(labels[i].word)))
            return labels[i].label;
    return LABEL_NONE;
}

static bool is_gap(char c)
{
    return is_blank(c) || (c && strchr("()=:,;*\"'`<>[]{}|\\", c));
}

/* Take the next word off the front of *rest; false at the end. */
static bool next_word(struct slice *rest, struct slice *word)
{
    size_t len = 0;
    while (rest->len && is_gap(rest->ptr[0]))
        *rest = slice_from(*rest, 1);
    while (len < rest->len && !is_gap(rest->ptr[len]))
        len++;
    *word = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return len > 0;
}

/* Take the next hash that no foreign label stands before; false at the end. */
static bool next_hash(struct slice *rest, struct slice *hash)
{
    enum label label = LABEL_NONE;
    while (next_word(rest, hash)) {
        if (is_hash(*hash) && label != LABEL_FOREIGN)
            return true;
        enum label said = label_of(*hash);
        if (said != LABEL_NONE || is_hash(*hash))
            label = said;
    }
    return false;
}

/* Where the name stands as a whole word from `start` on, SLICE_NONE when it does not: "x.tar.gz" is
 * not named by a line about "x.tar.gz.asc" or "libx.tar.gz". A folder may stand before it. */
static size_t find_name(struct slice text, size_t start, struct slice name)
{
    while (name.len && start < text.len) {
        size_t hit = slice_find(slice_from(text, start), name);
        if (hit == SLICE_NONE)
            break;
        size_t at = start + hit, end = at + name.len;
        bool opens = at == 0 || text.ptr[at - 1] == '/' || is_gap(text.ptr[at - 1]);
        if (opens && (end == text.len || is_gap(text.ptr[end])))
            return at;
        start = at + 1;
    }
    return SLICE_NONE;
}

/* ---- the forms ---- */

static const char *by_pattern(struct arena *a, struct slice body, const struct pattern *pattern)
{
    struct match m;
    if (pattern_search(pattern, body, 0, &m) != PATTERN_YES)
        return NULL;
    size_t group = pattern_group(pattern, "hash");
    group = group ? group : (m.count > 1 ? 1 : 0);
    return is_hash(slice_trim(m.group[group])) ? lower(a, slice_trim(m.group[group])) : NULL;
}

/* "hash  name", "SHA256 (name) = hash", "name: hash", {"name": "hash", ...}: of several hashes on
 * the line the first behind the name, else the last before it. */
static const char *in_line(struct arena *a, struct slice line, struct slice name)
{
    struct slice hash, last = {0};
    size_t at = find_name(line, 0, name);
    if (at == SLICE_NONE)
        return NULL;
    for (struct slice rest = line; next_hash(&rest, &hash); last = hash)
        if (hash.ptr >= line.ptr + at + name.len)
            return lower(a, hash);
    return last.ptr ? lower(a, last) : NULL;
}

static const char *by_line(struct arena *a, struct slice body, struct slice name)
{
    struct slice line;
    while (slice_line(&body, &line)) {
        const char *found = in_line(a, line, name);
        if (found)
            return found;
    }
    return NULL;
}

/* The digits of a hash in groups, on this line and those that go on with blanks. */
static void gather(struct slice text, struct buf *digits)
{
    for (size_t i = 0; i < text.len; i++) {
        bool line_goes_on = i + 1 < text.len && is_blank(text.ptr[i + 1]);
        if (is_hex(text.ptr[i]))
            buf_add_byte(digits, text.ptr[i]);
        else if (text.ptr[i] == '\n' ? !line_goes_on : !is_blank(text.ptr[i]))
            break;
    }
}

/* What stands between a name and the digits: ": SHA512 = ". False when another digest follows, or
 * one in a single run: whether that is ours was decided by its line. */
static bool skip_label(struct slice *text)
{
    struct slice rest = *text, word;
    if (next_word(&rest, &word) && (label_of(word) == LABEL_FOREIGN || is_hash(word)))
        return false;
    if (label_of(word) == LABEL_OURS)
        *text = rest;
    while (text->len && is_gap(text->ptr[0]))
        *text = slice_from(*text, 1);
    return true;
}

/* "name: 01234567 89ABCDEF ..." over several lines: gpg --print-md and --print-mds, as Apache's
 * files have it. */
static const char *by_groups(struct arena *a, struct slice body, struct slice name)
{
    const char *found = NULL;
    for (size_t at = find_name(body, 0, name); at != SLICE_NONE && !found;
         at = find_name(body, at + 1, name)) {
        struct slice rest = slice_from(body, at + name.len);
        struct buf digits = {0};
        if (skip_label(&rest))
            gather(rest, &digits);
        if (is_hash(buf_slice(&digits)))
            found = lower(a, buf_slice(&digits));
        buf_free(&digits);
    }
    return found;
}

static const char *only_one(struct arena *a, struct slice body)
{
    struct slice first, other;
    if (!next_hash(&body, &first))
        return NULL;
    while (next_hash(&body, &other))
        if (!slice_equal_nocase(first, other))
            return NULL;
    return lower(a, first);
}

const char *checksum_named(struct arena *a, struct slice body, struct slice name)
{
    if (file_kind_of(slice_first(body, 512)) == FILE_HTML)
        return NULL;
    const char *found = by_line(a, body, name);
    return found ? found : by_groups(a, body, name);
}

const char *checksum_find(struct arena *a, struct slice body, struct slice name,
                          const struct pattern *pattern)
{
    if (pattern)
        return by_pattern(a, body, pattern);
    if (slice_starts(body, SLICE("\xEF\xBB\xBF")))
        body = slice_from(body, 3);
    if (file_kind_of(slice_first(body, 512)) == FILE_HTML)
        return NULL;
    const char *found = checksum_named(a, body, name);
    return found ? found : only_one(a, body);
}
