#include "watcher/base/url.h"

#include <string.h>

/* The length of the scheme before a colon, 0 when the text does not begin with one. */
static size_t scheme_length(struct slice text)
{
    size_t i = 0;
    while (i < text.len && (is_letter(text.ptr[i]) ||
                            (i > 0 && (is_digit(text.ptr[i]) || memchr("+-.", text.ptr[i], 3)))))
        i++;
    return i < text.len && text.ptr[i] == ':' ? i : 0;
}

/* The offset of the first byte that is in `stops`, the length when there is none. */
static size_t until(struct slice s, const char *stops)
{
    size_t i = 0;
    while (i < s.len && (s.ptr[i] == '\0' || !strchr(stops, s.ptr[i])))
        i++;
    return i;
}

/* A URI reference in its five parts (RFC 3986, appendix B); has_* tells "absent" from "empty". */
struct reference {
    struct slice scheme, authority, path, query, fragment;
    bool has_authority, has_query, has_fragment;
};

static struct reference split(struct slice text)
{
    struct reference r = {0};
    size_t len = scheme_length(text);
    r.scheme = slice_first(text, len);
    if (len)
        text = slice_from(text, len + 1);
    r.has_authority = slice_starts(text, SLICE("//"));
    if (r.has_authority) {
        text = slice_from(text, 2);
        r.authority = slice_first(text, until(text, "/?#"));
        text = slice_from(text, r.authority.len);
    }
    r.path = slice_first(text, until(text, "?#"));
    text = slice_from(text, r.path.len);
    r.has_query = slice_starts(text, SLICE("?"));
    if (r.has_query) {
        text = slice_from(text, 1);
        r.query = slice_first(text, until(text, "#"));
        text = slice_from(text, r.query.len);
    }
    r.has_fragment = text.len > 0;
    r.fragment = slice_from(text, 1);
    return r;
}

/* Blanks and control bytes have no place in a URL. */
static bool is_unfit(char c)
{
    return (unsigned char)c <= 0x20 || c == 0x7F;
}

/* Letters, digits, bytes beyond ASCII and those in `others`. */
static bool consists_of(struct slice s, const char *others)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_letter(c) && !is_digit(c) && (unsigned char)c < 0x80 &&
            !memchr(others, c, strlen(others)))
            return false;
    }
    return true;
}

/* Names, addresses and [IPv6]. */
static bool is_host(struct slice host)
{
    if (host.len < 3 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
        return consists_of(host, "-._~%");
    struct slice address = slice_new(host.ptr + 1, host.len - 2);
    for (size_t i = 0; i < address.len; i++)
        if (!is_hex(address.ptr[i]) && address.ptr[i] != ':' && address.ptr[i] != '.')
            return false;
    return true;
}

/* Anything odd in here ("good\@evil", "a@b@c") is read differently by different programs, so nobody
 * shall be asked. */
static bool split_authority(struct slice authority, struct url *out)
{
    size_t at = slice_find_last_byte(authority, '@');
    if (at != SLICE_NONE) {
        out->user = slice_first(authority, at);
        authority = slice_from(authority, at + 1);
    }
    size_t bracket = slice_find_last_byte(authority, ']');
    size_t colon = slice_find_last_byte(authority, ':');
    bool has_port = colon != SLICE_NONE && (bracket == SLICE_NONE || bracket < colon);
    out->host = has_port ? slice_first(authority, colon) : authority;
    out->port = has_port ? slice_from(authority, colon + 1) : slice_from(authority, authority.len);
    unsigned long long number = 0;
    if (out->port.len && (!slice_number(out->port, &number) || number > 65535))
        return false;
    return is_host(out->host) && consists_of(out->user, "-._~%!$&'()*+,;=:");
}

bool url_parse(struct slice text, struct url *out)
{
    *out = (struct url){0};
    for (size_t i = 0; i < text.len; i++)
        if (is_unfit(text.ptr[i]))
            return false;
    struct reference r = split(text);
    if (!r.scheme.len || !r.has_authority || !split_authority(r.authority, out))
        return false;
    out->scheme = r.scheme;
    out->path = r.path;
    out->query = r.query;
    out->fragment = r.fragment;
    return out->host.len > 0 || slice_equal_nocase(r.scheme, SLICE("file"));
}

/* ---- joining ---- */

static void drop_last_segment(struct buf *path, size_t start)
{
    while (path->len > start && path->ptr[path->len - 1] != '/')
        path->len--;
    if (path->len > start)
        path->len--;
}

/* RFC 3986, 5.2.4. `path` begins with a slash or is empty. */
static void add_without_dots(struct buf *out, struct slice path)
{
    size_t start = out->len;
    while (path.len) {
        size_t next = until(slice_from(path, 1), "/") + 1;
        struct slice segment = slice_first(path, next); /* with the slash before it */
        bool last = next == path.len;
        path = slice_from(path, next);
        bool up = slice_is(segment, "/..");
        if (up)
            drop_last_segment(out, start);
        if (!up && !slice_is(segment, "/."))
            buf_add(out, segment);
        else if (last)
            buf_add_byte(out, '/');
    }
}

/* RFC 3986, 5.2.3. */
static void merge(struct buf *out, const struct reference *base, struct slice path)
{
    size_t slash = slice_find_last_byte(base->path, '/');
    if (slash == SLICE_NONE)
        buf_add_byte(out, '/');
    else
        buf_add(out, slice_first(base->path, slash + 1));
    buf_add(out, path);
}

/* The path and query of the target, by RFC 3986, 5.2.2. */
static void add_target(struct buf *out, const struct reference *base, const struct reference *r)
{
    struct buf path = {0};
    if (r->path.len == 0 && !r->has_authority)
        buf_add(&path, base->path);
    else if (r->has_authority || slice_starts(r->path, SLICE("/")))
        buf_add(&path, r->path);
    else
        merge(&path, base, r->path);
    bool inherited = r->path.len == 0 && !r->has_authority && !r->has_query;
    const struct reference *query = inherited ? base : r;
    add_without_dots(out, buf_slice(&path));
    if (query->has_query) {
        buf_add_byte(out, '?');
        buf_add(out, query->query);
    }
    buf_free(&path);
}

static void add_resolved(struct buf *out, const struct reference *base, struct slice reference)
{
    struct reference r = split(reference);
    if (r.scheme.len) {
        buf_add(out, reference);
        return;
    }
    buf_add(out, base->scheme);
    buf_add_text(out, "://");
    buf_add(out, r.has_authority ? r.authority : base->authority);
    add_target(out, base, &r);
    if (r.has_fragment) {
        buf_add_byte(out, '#');
        buf_add(out, r.fragment);
    }
}

static void add_escaped(struct buf *out, char c)
{
    buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
}

bool url_join(struct buf *out, struct slice base, struct slice reference)
{
    struct url unused;
    if (!url_parse(base, &unused))
        return false;
    struct buf clean = {0}; /* links in pages are written by hand: blanks occur */
    reference = slice_trim(reference);
    for (size_t i = 0; i < reference.len; i++) {
        if (is_unfit(reference.ptr[i]))
            add_escaped(&clean, reference.ptr[i]);
        else
            buf_add_byte(&clean, reference.ptr[i]);
    }
    struct reference b = split(base);
    add_resolved(out, &b, buf_slice(&clean));
    buf_free(&clean);
    return true;
}

/* ---- escapes ---- */

void url_escape(struct buf *out, struct slice text, bool keep_slash)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain || (keep_slash && c == '/'))
            buf_add_byte(out, c);
        else
            add_escaped(out, c);
    }
}

static unsigned hex_value(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(to_lower(c) - 'a') + 10;
}

bool url_unescape(struct buf *out, struct slice text)
{
    size_t before = out->len;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '%') {
            buf_add_byte(out, text.ptr[i]);
        } else if (i + 2 < text.len && is_hex(text.ptr[i + 1]) && is_hex(text.ptr[i + 2])) {
            buf_add_byte(out, (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2])));
            i += 2;
        } else {
            buf_cut(out, before);
            return false;
        }
    }
    return true;
}

/* ---- showing ---- */

static bool contains_nocase(struct slice s, struct slice needle)
{
    for (size_t i = 0; i + needle.len <= s.len; i++)
        if (slice_equal_nocase(slice_first(slice_from(s, i), needle.len), needle))
            return true;
    return false;
}

static bool sounds_secret(struct slice name)
{
    static const char *const words[] = {"token", "key",  "secret",    "passw",
                                        "sig",   "auth", "credential"};
    struct buf plain = {0}; /* %74oken is a token too */
    if (url_unescape(&plain, name))
        name = buf_slice(&plain);
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        found |= contains_nocase(name, slice_of(words[i]));
    buf_free(&plain);
    return found;
}

static void add_public_parameters(struct buf *out, struct slice query)
{
    struct slice part;
    for (bool first = true; slice_split(&query, '&', &part); first = false) {
        size_t equals = slice_find_byte(part, '=');
        bool secret = equals != SLICE_NONE && sounds_secret(slice_first(part, equals));
        if (!first)
            buf_add_byte(out, '&');
        buf_add(out, secret ? slice_first(part, equals + 1) : part);
        if (secret)
            buf_add_text(out, "***");
    }
}

void url_add_public(struct buf *out, struct slice url)
{
    struct reference r = split(url); /* not url_parse: also what is no good URL has its secrets */
    if (r.scheme.len) {
        buf_add(out, r.scheme);
        buf_add_byte(out, ':');
    }
    if (r.has_authority) {
        size_t at = slice_find_last_byte(r.authority, '@');
        buf_add_text(out, "//");
        buf_add(out, at == SLICE_NONE ? r.authority : slice_from(r.authority, at + 1));
    }
    buf_add(out, r.path);
    if (r.has_query) {
        buf_add_byte(out, '?');
        add_public_parameters(out, r.query);
    }
    if (r.has_fragment) {
        buf_add_byte(out, '#');
        add_public_parameters(out, r.fragment);
    }
}
