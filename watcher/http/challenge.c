#include "watcher/http/challenge.h"

#include "watcher/base/buf.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <string.h>

enum {
    SECONDS_UNTOLD = 60, /* the specification's default; no token is good for less */
    SECONDS_MOST = 24 * 3600,
};

/* The parameters of a bearer challenge; ptr NULL where absent. */
struct parameters {
    bool bearer, basic; /* there is such a challenge */
    struct slice realm, service, scope;
};

static bool is_token_byte(char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct slice take_token(struct slice *rest)
{
    size_t len = 0;
    while (len < rest->len && is_token_byte(rest->ptr[len]))
        len++;
    struct slice token = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return token;
}

static void skip_blanks(struct slice *rest)
{
    while (rest->len && (is_blank(rest->ptr[0]) || rest->ptr[0] == ','))
        *rest = slice_from(*rest, 1);
}

/* "..." with backslashes taken out, or a bare word up to the next comma or blank. */
static struct slice take_value(struct slice *rest, struct arena *a)
{
    struct buf value = {0};
    bool quoted = rest->len && rest->ptr[0] == '"';
    size_t i = quoted;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (quoted ? c == '"' : c == ',' || is_blank(c))
            break;
        if (quoted && c == '\\' && i + 1 < rest->len)
            c = rest->ptr[++i];
        buf_add_byte(&value, c);
    }
    *rest = slice_from(*rest, i + (quoted && i < rest->len));
    struct slice copy = arena_slice(a, buf_slice(&value));
    buf_free(&value);
    return copy;
}

static void put(struct parameters *c, struct slice name, struct slice value)
{
    struct slice *member = slice_equal_nocase(name, SLICE("realm"))     ? &c->realm
                           : slice_equal_nocase(name, SLICE("service")) ? &c->service
                           : slice_equal_nocase(name, SLICE("scope"))   ? &c->scope
                                                                        : NULL;
    if (member && !member->ptr)
        *member = value;
}

/* Challenges follow one another, and so do a challenge's parameters, all with commas between: a
 * word without `=` behind it begins the next challenge. */
static void read_challenges(struct slice rest, struct arena *a, struct parameters *out)
{
    bool bearer = false;
    for (skip_blanks(&rest); rest.len; skip_blanks(&rest)) {
        struct slice word = take_token(&rest);
        if (word.len == 0)
            return;
        if (rest.len && rest.ptr[0] == '=') {
            rest = slice_from(rest, 1);
            struct slice value = take_value(&rest, a);
            if (bearer)
                put(out, word, value);
            continue;
        }
        bearer = !out->bearer && slice_equal_nocase(word, SLICE("Bearer"));
        out->bearer = out->bearer || bearer;
        out->basic = out->basic || slice_equal_nocase(word, SLICE("Basic"));
    }
}

void challenge_read(const struct response *response, struct arena *a, struct challenge *out)
{
    struct parameters p = {0};
    struct url parts;
    for (size_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, "www-authenticate") == 0)
            read_challenges(slice_of(response->headers[i].value), a, &p);
    bool usable = url_parse(p.realm, &parts) && !parts.user.len && !parts.fragment.len;
    *out = (struct challenge){
        .realm = usable ? arena_text(a, p.realm) : NULL,
        .service = p.service,
        .scope = p.scope,
        .basic = p.basic,
    };
}

static void add_parameter(struct buf *url, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    buf_addf(url, "%c%s=", strchr(buf_text(url), '?') ? '&' : '?', name);
    url_escape(url, value, true);
}

const char *challenge_address(const struct challenge *c, struct arena *a)
{
    struct buf url = {0};
    if (!c->realm)
        return NULL;
    buf_add_text(&url, c->realm);
    add_parameter(&url, "service", c->service);
    add_parameter(&url, "scope", c->scope);
    const char *address = arena_text(a, buf_slice(&url));
    buf_free(&url);
    return address;
}

struct slice challenge_form(const struct challenge *c, const char *refresh_token, struct arena *a)
{
    struct buf form = {0};
    buf_add_text(&form, "grant_type=refresh_token&client_id=mwatch&service=");
    url_escape(&form, c->service, false);
    buf_add_text(&form, "&scope=");
    url_escape(&form, c->scope, false);
    buf_add_text(&form, "&refresh_token=");
    url_escape(&form, slice_of(refresh_token), false);
    struct slice copy = arena_slice(a, buf_slice(&form));
    memory_wipe(form.ptr, form.len);
    buf_free(&form);
    return copy;
}

/* RFC 6750, 2.1: what a bearer token is made of. */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) &&
            (!text.ptr[i] || !strchr("-._~+/=", text.ptr[i])))
            return false;
    return text.len > 0 && text.len <= TOKEN_MOST;
}

const char *challenge_token(const struct response *response, struct arena *a, int64_t *seconds,
                            struct error *e)
{
    struct error why = {0};
    json_t *root = json_parse(a, response->body, &why);
    struct slice token = json_text(root, "token");
    long long told = json_number(root, "expires_in", SECONDS_UNTOLD);
    if (token.len == 0)
        token = json_text(root, "access_token");
    *seconds = told < SECONDS_UNTOLD ? SECONDS_UNTOLD : told > SECONDS_MOST ? SECONDS_MOST : told;
    if (is_token(token))
        return arena_text(a, token);
    error_set(e, ERROR_UPSTREAM, "the token server's answer has no token that can be used");
    return NULL;
}
