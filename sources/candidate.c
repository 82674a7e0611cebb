#include "sources/candidate.h"

#include "watcher/base/hash.h"
#include "watcher/base/url.h"

#include <string.h>

/* Copy `raw` with every NUL as U+FFFD. */
static const char *copy_without_nul(struct arena *a, struct slice raw)
{
    if (slice_find_byte(raw, '\0') == SLICE_NONE)
        return arena_text(a, raw);
    struct buf text = {0};
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i])
            buf_add_byte(&text, raw.ptr[i]);
        else
            buf_add_text(&text, "\xEF\xBF\xBD");
    const char *copy = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

struct candidate *candidate_add(struct arena *a, struct candidates *out, struct slice raw,
                                struct error *e)
{
    if (out->list.count >= CANDIDATE_LIMIT) {
        error_set(e, ERROR_UPSTREAM, "the answer has more than %d releases", CANDIDATE_LIMIT);
        return NULL;
    }
    struct candidate *c = vec_add(a, &out->list);
    c->raw = copy_without_nul(a, raw);
    return c;
}

static void release(void *texts)
{
    json_decref(texts);
}

/* jansson's objects hash with a random seed, so that no page can make the look-ups slow. */
struct seen seen_new(struct arena *a)
{
    struct seen seen = {json_object()};
    arena_defer(a, release, seen.texts);
    return seen;
}

static json_t *seen_get(const struct seen *seen, struct slice text)
{
    return json_object_getn(seen->texts, text.ptr ? text.ptr : "", text.len);
}

bool seen_has(const struct seen *seen, struct slice text)
{
    return seen_get(seen, text) != NULL;
}

size_t seen_number(struct seen *seen, struct slice text, size_t number)
{
    const json_t *known = seen_get(seen, text);
    if (known)
        return (size_t)json_integer_value(known);
    json_object_setn_new_nocheck(seen->texts, text.ptr ? text.ptr : "", text.len,
                                 json_integer((json_int_t)number));
    return number;
}

bool seen_add(struct seen *seen, struct slice text)
{
    size_t count = json_object_size(seen->texts);
    return seen_number(seen, text, count) == count;
}

/* Add a URL with what RFC 3986 does not allow in it as %NN: it will stand in pull requests. */
static void add_clean(struct buf *out, struct slice url)
{
    static const char plain[] = "-._~:/?#[]@!$&'()*+,;=%";
    for (size_t i = 0; i < url.len; i++) {
        char c = url.ptr[i];
        if (is_letter(c) || is_digit(c) || (c && strchr(plain, c)))
            buf_add_byte(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

static bool is_public_link(struct slice text)
{
    struct url url;
    return url_parse(text, &url) && !slice_empty(url.host) && slice_empty(url.user) &&
           (slice_equal_nocase(url.scheme, SLICE("https")) ||
            slice_equal_nocase(url.scheme, SLICE("http")));
}

const char *candidate_link(struct arena *a, struct slice base, struct slice reference)
{
    struct buf joined = {0}, clean = {0};
    bool ok = slice_empty(base) ? buf_add(&joined, reference) : url_join(&joined, base, reference);
    if (ok)
        add_clean(&clean, buf_slice(&joined));
    const char *link =
        ok && is_public_link(buf_slice(&clean)) ? arena_text(a, buf_slice(&clean)) : NULL;
    buf_free(&joined);
    buf_free(&clean);
    return link;
}

/* crates.io lists "/crates/serde/1.0.219/download", which leads to serde-1.0.219.crate on its
 * mirror: https://crates.io/data-access. */
static const char *crate_name(struct arena *a, struct slice path)
{
    struct slice parts[4] = {{0}}, part; /* "crates", name, version, "download" */
    while (slice_split(&path, '/', &part)) {
        memmove(parts, parts + 1, 3 * sizeof *parts);
        parts[3] = part;
    }
    if (!slice_is(parts[0], "crates") || !slice_is(parts[3], "download"))
        return NULL;
    return arena_printf(a, "%.*s-%.*s.crate", SLICE_ARG(parts[1]), SLICE_ARG(parts[2]));
}

bool asset_make(struct arena *a, struct slice base, struct slice reference, struct asset *out)
{
    struct slice path = slice_first(reference, slice_find_byte(reference, '?'));
    path = slice_first(path, slice_find_byte(path, '#'));
    size_t slash = slice_find_last_byte(path, '/');
    struct slice name = slash == SLICE_NONE ? path : slice_from(path, slash + 1);
    *out = (struct asset){.url = candidate_link(a, base, reference), .size = -1};
    out->name = out->url ? crate_name(a, path) : NULL;
    if (out->url && !out->name)
        out->name = arena_text(a, name);
    return out->url && name.len;
}

/* Take "sha256:" or the like off the front. */
static struct slice without_algorithm(struct slice digest)
{
    static const char *const names[] = {"sha256", "sha512"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct slice name = slice_of(names[i]), rest = slice_from(digest, name.len);
        if (slice_equal_nocase(slice_first(digest, name.len), name) && rest.len &&
            (rest.ptr[0] == ':' || rest.ptr[0] == '-'))
            return slice_from(rest, 1);
    }
    return digest;
}

const char *lower_hex(struct arena *a, struct slice hex)
{
    char *text = arena_alloc(a, hex.len + 1);
    for (size_t i = 0; i < hex.len; i++)
        text[i] = to_lower(hex.ptr[i]);
    return text;
}

static bool is_digest_length(size_t hex_digits)
{
    return hex_digits == SHA256_HEX || hex_digits == SHA512_HEX;
}

/* The hex digits of a base64 text in the arena, NULL when it is no digest. */
static const char *hex_of_base64(struct arena *a, struct slice text)
{
    struct buf bytes = {0}, hex = {0};
    const char *digest = NULL;
    if (base64_decode(text, &bytes) && is_digest_length(bytes.len * 2)) {
        for (size_t i = 0; i < bytes.len; i++)
            buf_addf(&hex, "%02x", (unsigned char)bytes.ptr[i]);
        digest = arena_text(a, buf_slice(&hex));
    }
    buf_free(&bytes);
    buf_free(&hex);
    return digest;
}

void asset_digest(struct arena *a, struct asset *asset, struct slice digest)
{
    struct slice text = without_algorithm(slice_trim(digest));
    bool is_hex_digest = is_digest_length(text.len) && slice_all_hex(text);
    const char *hex = is_hex_digest ? lower_hex(a, text) : hex_of_base64(a, text);
    if (!hex)
        return;
    if (slice_of(hex).len == SHA256_HEX)
        asset->sha256 = hex;
    else
        asset->sha512 = hex;
}

struct slice version_matched(const struct pattern *p, const struct match *m)
{
    size_t group = pattern_group(p, "version");
    if (!group)
        group = 1;
    return group < m->count && m->group[group].ptr ? m->group[group] : m->group[0];
}

bool version_given_up(const struct pattern *p, struct error *e)
{
    return error_set(e, ERROR_UPSTREAM,
                     "the pattern %s backtracks too much on the answer; make it simpler",
                     pattern_text(p));
}

bool version_find(const struct pattern *p, struct slice subject, struct slice *out, struct error *e)
{
    struct match m;
    *out = subject;
    if (!p)
        return subject.len > 0;
    enum pattern_result result = pattern_search(p, subject, 0, &m);
    if (result == PATTERN_LIMIT)
        return version_given_up(p, e);
    if (result == PATTERN_NO)
        return false;
    *out = version_matched(p, &m);
    return out->len > 0;
}

bool spec_pattern(const struct spec *spec, const char *key, struct arena *a,
                  const struct pattern **out, struct error *e)
{
    const char *text = spec_value(spec, key);
    *out = text ? pattern_compile(a, slice_of(text), e) : NULL;
    return *out || !text;
}

struct slice spec_server(const struct spec *spec, const char *key)
{
    struct slice url = slice_of(spec_value(spec, key));
    while (slice_ends(url, SLICE("/")))
        url.len--;
    return url;
}
