#include "watcher/artefact.h"

#include "watcher/base/buf.h"
#include "watcher/base/file.h"
#include "watcher/base/url.h"

#include <string.h>

static bool judge_status(const char *url, int status, struct error *e)
{
    if (status >= 200 && status < 300)
        return true;
    const char *hint = status == 404 || status == 410
                           ? "the release may not be complete yet, or its address has changed"
                           : "try again later";
    return error_set(e, ERROR_UPSTREAM, "artefact %s answered %d: %s", url, status, hint);
}

/* A recording need not know the size, so nothing is told by its hash. */
static bool is_empty(const struct artefact_result *artefact)
{
    static const char nothing[] =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    return strcmp(artefact->hash.sha256, nothing) == 0;
}

bool artefact_judge(const char *url, const struct response *response,
                    const struct artefact_result *artefact, struct error *e)
{
    struct buf shown = {0};
    struct url parts;
    url_add_public(&shown, slice_of(url));
    bool good = judge_status(buf_text(&shown), response->status, e);
    struct slice path = url_parse(slice_of(url), &parts) ? parts.path : slice_of(url);
    enum file_kind promised = file_kind_promised(path_base(path));
    if (good && is_empty(artefact))
        good = error_set(e, ERROR_REFUSED, "artefact %s is empty", buf_text(&shown));
    if (good && artefact->kind == FILE_HTML)
        good = error_set(e, ERROR_REFUSED,
                         "artefact %s is a web page (HTML), not a release: never pinned",
                         buf_text(&shown));
    if (good && promised != FILE_OTHER && promised != artefact->kind)
        good =
            error_set(e, ERROR_REFUSED, "artefact %s should be %s by its name, but is %s",
                      buf_text(&shown), file_kind_name(promised), file_kind_name(artefact->kind));
    if (good && !artefact->intact)
        good = error_set(e, ERROR_REFUSED, "artefact %s does not read to its end: %s",
                         buf_text(&shown), artefact->reason);
    buf_free(&shown);
    return good;
}

bool artefact_judge_size(const char *url, unsigned long long size, unsigned long long old_size,
                         struct error *e)
{
    if (size == 0 || old_size == 0 || size >= old_size / 4)
        return true;
    return error_set(e, ERROR_REFUSED,
                     "artefact %s has %llu bytes; the pinned release's has %llu: is it whole?", url,
                     size, old_size);
}

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

/* Take the next run of hex digits that is as long as a hash; Apache also writes them in groups of
 * eight with blanks between, which the whole-body case below joins. */
static bool next_hash(struct slice *rest, struct slice *hash)
{
    while (rest->len) {
        size_t run = 0;
        while (run < rest->len && is_hex(rest->ptr[run]))
            run++;
        *hash = slice_first(*rest, run);
        *rest = slice_from(*rest, run ? run : 1);
        if (is_hash(*hash))
            return true;
    }
    return false;
}

static const char *by_pattern(struct arena *a, struct slice body, const struct pattern *pattern)
{
    struct match m;
    if (pattern_search(pattern, body, 0, &m) != PATTERN_YES)
        return NULL;
    size_t group = pattern_group(pattern, "hash");
    group = group ? group : (m.count > 1 ? 1 : 0);
    return is_hash(slice_trim(m.group[group])) ? lower(a, slice_trim(m.group[group])) : NULL;
}

/* The name must be a whole word: "x.tar.gz" is not named by a line about "x.tar.gz.asc". */
static bool names_file(struct slice line, struct slice name)
{
    for (size_t at = 0; name.len;) {
        size_t hit = slice_find(slice_from(line, at), name);
        if (hit == SLICE_NONE)
            return false;
        size_t start = at + hit, end = start + name.len;
        bool opens = start == 0 || strchr(" \t*(/", line.ptr[start - 1]);
        bool closes = end == line.len || strchr(" \t):", line.ptr[end]);
        if (opens && closes)
            return true;
        at = start + 1;
    }
    return false;
}

static const char *by_line(struct arena *a, struct slice body, struct slice name)
{
    struct slice line, hash;
    while (slice_line(&body, &line)) {
        struct slice rest = line;
        if (names_file(line, name) && next_hash(&rest, &hash))
            return lower(a, hash);
    }
    return NULL;
}

/* "file.tgz: 01234567 89ABCDEF ..." over several lines: gpg --print-md, as Apache's older files
 * have it. */
static const char *by_groups(struct arena *a, struct slice body, struct slice name)
{
    struct buf digits = {0};
    const char *found = NULL;
    size_t at = slice_find(body, name);
    if (name.len == 0 || at == SLICE_NONE)
        return NULL;
    struct slice rest = slice_from(body, at + name.len);
    for (size_t i = 0; i < rest.len; i++)
        if (is_hex(rest.ptr[i]))
            buf_add_byte(&digits, rest.ptr[i]);
        else if (!is_blank(rest.ptr[i]) && rest.ptr[i] != ':')
            break;
    if (is_hash(buf_slice(&digits)))
        found = lower(a, buf_slice(&digits));
    buf_free(&digits);
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

const char *checksum_find(struct arena *a, struct slice body, struct slice name,
                          const struct pattern *pattern)
{
    if (pattern)
        return by_pattern(a, body, pattern);
    const char *found = by_line(a, body, name);
    if (!found)
        found = by_groups(a, body, name);
    return found ? found : only_one(a, body);
}
