#include "watcher/http/address.h"

#include "watcher/base/text.h"
#include "watcher/base/url.h"

#include <curl/curl.h>
#include <string.h>

/* Copy one part of a URL in lower case; false when it is longer than the room for it. */
static bool take_part(CURLU *url, CURLUPart part, char *out, size_t room)
{
    char *text = NULL;
    out[0] = '\0';
    CURLUcode code = curl_url_get(url, part, &text, CURLU_NO_DEFAULT_PORT);
    if (code != CURLUE_OK)
        return code == CURLUE_NO_HOST || code == CURLUE_NO_PORT;
    size_t len = strlen(text);
    bool fits = len < room;
    for (size_t i = 0; fits && i <= len; i++)
        out[i] = to_lower(text[i]);
    curl_free(text);
    return fits;
}

bool origin_of(const char *url, struct origin *out)
{
    CURLU *handle = curl_url();
    bool good = handle && curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
                take_part(handle, CURLUPART_SCHEME, out->scheme, sizeof out->scheme) &&
                take_part(handle, CURLUPART_HOST, out->host, sizeof out->host) &&
                take_part(handle, CURLUPART_PORT, out->port, sizeof out->port);
    curl_url_cleanup(handle);
    if (!good)
        return false;
    struct buf name = {0};
    buf_addf(&name, "%s%s%s", out->host, *out->port ? ":" : "", out->port);
    memcpy(out->name, name.ptr, name.len + 1);
    buf_free(&name);
    return true;
}

bool origin_equal(const struct origin *a, const struct origin *b)
{
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->name, b->name) == 0;
}

/* A mirror written with http:// is the configuration saying http. */
static bool mirror_names(const struct http_options *options, const struct origin *o)
{
    for (size_t i = 0; i < options->mirror_count; i++) {
        struct origin target;
        if (origin_of(options->mirrors[i].target, &target) && origin_equal(&target, o))
            return true;
    }
    return false;
}

static bool is_plain_host(const struct http_options *options, const struct origin *o)
{
    for (const char *const *host = options->plain_hosts; host && *host; host++) {
        struct slice wanted = slice_of(*host);
        if (slice_equal_nocase(wanted, slice_of(o->host)) ||
            slice_equal_nocase(wanted, slice_of(o->name)))
            return true;
    }
    return mirror_names(options, o);
}

bool origin_allowed(const struct origin *o, const struct http_options *options, struct error *e)
{
    if (strcmp(o->scheme, "https") == 0)
        return true;
    if (strcmp(o->scheme, "http") == 0)
        return is_plain_host(options, o) ||
               error_set(e, ERROR_REFUSED,
                         "http:// is not allowed for %s: use https, or list the host under "
                         "plain-http in the configuration",
                         o->name);
    if (strcmp(o->scheme, "file") == 0)
        return options->allow_file ||
               error_set(e, ERROR_REFUSED, "file:// is not allowed here: use https");
    return error_set(e, ERROR_REFUSED, "%s:// is not a way mwatch asks: use https", o->scheme);
}

const char *address_join(struct arena *a, const char *base, struct slice reference)
{
    const char *target = arena_text(a, reference);
    const char *joined = NULL;
    char *text = NULL;
    CURLU *handle = curl_url();
    if (handle && strlen(target) == reference.len &&
        curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK &&
        curl_url_set(handle, CURLUPART_URL, target, CURLU_URLENCODE) == CURLUE_OK &&
        curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
        curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK)
        joined = arena_copy(a, text);
    curl_free(text);
    curl_url_cleanup(handle);
    return joined;
}

const char *address_public(struct arena *a, const char *url)
{
    struct buf text = {0}, safe = {0};
    url_add_public(&text, slice_of(url));
    text_add_visible(&safe, buf_slice(&text));
    const char *shown = arena_text(a, buf_slice(&safe));
    buf_free(&text);
    buf_free(&safe);
    return shown;
}
