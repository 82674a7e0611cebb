#include "watcher/http/order.h"

#include "watcher/base/buf.h"
#include "watcher/base/memory.h"

#include <stdio.h>
#include <string.h>

enum {
    CONNECT_TIMEOUT = 30 * 1000, /* ms */
    SLOW_BYTES = 100,            /* fewer a second for SLOW_SECONDS is a stall */
    SLOW_SECONDS = 60,
    RECEIVE_BUFFER = 64 * 1024,
};

static bool is_artefact(const struct order *o)
{
    return o->request->kind == BODY_ARTEFACT;
}

static void add_line(struct curl_slist **lines, const char *name, const char *value)
{
    struct buf line = {0};
    buf_addf(&line, "%s:%s%s", name, *value ? " " : "", value);
    struct curl_slist *longer = curl_slist_append(*lines, buf_text(&line));
    buf_free(&line);
    if (!longer)
        memory_exhausted();
    *lines = longer;
}

static bool request_has(const struct request *r, const char *name)
{
    for (size_t i = 0; i < REQUEST_HEADERS && r->headers[i].name; i++)
        if (slice_equal_nocase(slice_of(r->headers[i].name), slice_of(name)))
            return true;
    return false;
}

static void ask_for_rest(struct curl_slist **lines, const struct partial *p)
{
    char range[48];
    snprintf(range, sizeof range, "bytes=%llu-", (unsigned long long)p->received);
    add_line(lines, "Range", range);
    add_line(lines, "If-Range", p->validator);
}

static struct curl_slist *set_headers(CURL *easy, const struct order *o)
{
    struct curl_slist *lines = NULL;
    const struct request *r = o->request;
    for (size_t i = 0; i < REQUEST_HEADERS && r->headers[i].name; i++)
        add_line(&lines, r->headers[i].name, r->headers[i].value);
    if (!request_has(r, "Content-Type"))
        add_line(&lines, "Content-Type", ""); /* rather none than curl's guess of a web form */
    add_line(&lines, "Expect", "");           /* a body goes out at once */
    if (is_artefact(o) && !request_has(r, "Accept-Encoding"))
        add_line(&lines, "Accept-Encoding", "identity");
    if (o->authorization)
        add_line(&lines, "Authorization", o->authorization);
    if (o->etag)
        add_line(&lines, "If-None-Match", o->etag);
    if (o->modified)
        add_line(&lines, "If-Modified-Since", o->modified);
    if (o->partial && partial_can_go_on(o->partial))
        ask_for_rest(&lines, o->partial);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
    return lines;
}

static void set_method(CURL *easy, const struct order *o)
{
    if (strcmp(o->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (strcmp(o->method, "GET") == 0)
        return;
    if (o->body.len || strcmp(o->method, "POST") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)o->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, o->body.len ? o->body.ptr : "");
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, o->method);
}

static void set_security(CURL *easy, const struct order *o)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, o->scheme);
    /* The engine follows redirects itself: it alone knows which hosts may be plain. */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (o->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, o->ca_file);
    }
}

static void set_limits(CURL *easy, const struct order *o)
{
    int64_t timeout = o->timeout_ms;
    int64_t slow = timeout / 4 / 1000;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(timeout < CONNECT_TIMEOUT ? timeout : CONNECT_TIMEOUT));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                     (long)(slow < 1              ? 1
                            : slow > SLOW_SECONDS ? SLOW_SECONDS
                                                  : slow));
}

static void set_connection(CURL *easy, const struct order *o)
{
    /* CURLOPT_NOSIGNAL stays off: with it a server that closes a TLS connection early could end the
     * program by SIGPIPE. */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    /* When a connection that was kept breaks before an answer, curl sends again on a new one, POST
     * or not; on a fresh one it does not. */
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, o->once ? 1L : 0L);
    /* Rather share the connection that is being made than open another. Without TLS that would be
     * to wait for the first answer. */
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, strcmp(o->scheme, "https") == 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, o->user_agent);
    /* "" offers every encoding this curl can undo. The bytes of an artefact are hashed as sent. */
    if (is_artefact(o))
        curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    else
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
}

struct curl_slist *order_apply(CURL *easy, const struct order *o)
{
    curl_easy_setopt(easy, CURLOPT_URL, o->url);
    set_connection(easy, o);
    set_security(easy, o);
    set_limits(easy, o);
    set_method(easy, o);
    return set_headers(easy, o);
}
