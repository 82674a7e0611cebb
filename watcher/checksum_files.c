/* Which of a release's files is the one with the hashes; and what a clearsigned one says. */
#include "watcher/artefact.h"

#include "watcher/base/buf.h"

#include <string.h>

/* ---- by name ---- */

/* How well a name fits: the first kind is about one file, the others list many. */
enum fit { FIT_OWN, FIT_LIST, FIT_SIGNED_LIST, FIT_NOT };

static bool ends_nocase(struct slice s, struct slice end)
{
    return s.len >= end.len && slice_equal_nocase(slice_from(s, s.len - end.len), end);
}

static bool is_own(struct slice name, struct slice of)
{
    static const char *const endings[] = {".sha256",     ".sha512",     ".sha256sum", ".sha512sum",
                                          ".sha256.txt", ".sha512.txt", ".sha256sums"};
    if (!slice_starts(name, of))
        return false;
    struct slice rest = slice_from(name, of.len);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (slice_equal_nocase(rest, slice_of(endings[i])))
            return true;
    return false;
}

/* "SHA256SUMS" and "project_1.2_SHA256SUMS", but not "notSHA256SUMS". */
static bool is_list(struct slice name)
{
    static const char *const words[] = {
        "sha256sums",     "sha512sums",       "sha256sums.txt",   "sha512sums.txt",
        "sha256sum",      "sha512sum",        "sha256sum.txt",    "sha512sum.txt",
        "shasums256.txt", "shasums512.txt",   "checksums",        "checksums.txt",
        "checksum.txt",   "checksums.sha256", "checksums.sha512", "checksums_sha256.txt",
        "sha256.txt",     "sha512.txt",       "shasums",          "shasums.txt",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct slice word = slice_of(words[i]);
        if (!ends_nocase(name, word))
            continue;
        char before = name.len == word.len ? '.' : name.ptr[name.len - word.len - 1];
        if (before == '.' || before == '_' || before == '-')
            return true;
    }
    return false;
}

static enum fit fit_of(struct slice name, struct slice of)
{
    if (is_own(name, of))
        return FIT_OWN;
    if (is_list(name))
        return FIT_LIST;
    bool is_signed = ends_nocase(name, SLICE(".asc"));
    return is_signed && is_list(slice_first(name, name.len - strlen(".asc"))) ? FIT_SIGNED_LIST
                                                                              : FIT_NOT;
}

const struct asset *checksum_asset(const struct release *r, struct slice name, bool *own)
{
    const struct asset *best = NULL;
    enum fit most = FIT_NOT;
    for (size_t i = 0; i < r->asset_count; i++) {
        const struct asset *asset = &r->assets[i];
        enum fit fit = asset->name && asset->url ? fit_of(slice_of(asset->name), name) : FIT_NOT;
        if (fit < most) {
            best = asset;
            most = fit;
        }
    }
    *own = most == FIT_OWN;
    return best;
}

/* ---- clearsigned ---- */

static bool is_armor(struct slice line, const char *what)
{
    return slice_is(slice_trim(line), what);
}

static bool skip_headers(struct slice *rest)
{
    struct slice line;
    while (slice_line(rest, &line))
        if (slice_trim(line).len == 0)
            return true;
    return false;
}

static void add_lines(struct slice rest, struct buf *out)
{
    struct slice line;
    while (slice_line(&rest, &line) && !is_armor(line, "-----BEGIN PGP SIGNATURE-----")) {
        if (slice_starts(line, SLICE("- ")))
            line = slice_from(line, 2);
        buf_add(out, line);
        buf_add_byte(out, '\n');
    }
}

struct slice checksum_clearsigned(struct arena *a, struct slice body)
{
    struct slice rest = body, line;
    while (slice_line(&rest, &line)) {
        if (!is_armor(line, "-----BEGIN PGP SIGNED MESSAGE-----"))
            continue;
        struct buf text = {0};
        if (skip_headers(&rest))
            add_lines(rest, &text);
        struct slice kept = arena_slice(a, buf_slice(&text));
        buf_free(&text);
        return kept;
    }
    return body;
}
