#include "watcher/http/failure.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"

struct meaning {
    CURLcode code;
    enum error_code as;
    bool lasting;
    const char *advice;
};

#define AGAIN "run mwatch again later"
#define TRUST                                                                                      \
    "name the certificate authority with --cacert FILE or SSL_CERT_FILE if the server is yours"

static const struct meaning meanings[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, ERROR_REFUSED, true, "check the URL"},
    {CURLE_URL_MALFORMAT, ERROR_REFUSED, true, "check the URL"},
    {CURLE_COULDNT_RESOLVE_PROXY, ERROR_NETWORK, false, "check https_proxy and http_proxy"},
    {CURLE_COULDNT_RESOLVE_HOST, ERROR_NETWORK, false, "check the host's spelling and the network"},
    {CURLE_COULDNT_CONNECT, ERROR_NETWORK, false, "check the network and the proxy"},
    {CURLE_WEIRD_SERVER_REPLY, ERROR_NETWORK, true, "check that the URL leads to a web server"},
    {CURLE_PARTIAL_FILE, ERROR_NETWORK, false, "the answer broke off: " AGAIN},
    {CURLE_OPERATION_TIMEDOUT, ERROR_NETWORK, false, AGAIN},
    {CURLE_SSL_CONNECT_ERROR, ERROR_NETWORK, false, AGAIN},
    {CURLE_PEER_FAILED_VERIFICATION, ERROR_REFUSED, true, TRUST},
    {CURLE_SSL_CACERT_BADFILE, ERROR_REFUSED, true, "check --cacert and SSL_CERT_FILE"},
    {CURLE_BAD_CONTENT_ENCODING, ERROR_REFUSED, true, "the server's compression is broken"},
    {CURLE_OK, ERROR_NETWORK, false, AGAIN}, /* any other */
};

static const struct meaning *look_up(CURLcode code)
{
    const struct meaning *m = meanings;
    while (m->code != code && m->code != CURLE_OK)
        m++;
    return m;
}

static void say_too_large(const struct failed_try *failed, const char *url, struct error *e)
{
    struct buf size = {0};
    text_add_size(&size, failed->limit);
    error_set(e, ERROR_REFUSED,
              "%s: the answer is larger than the %s allowed; check that the URL is the right one",
              url, buf_text(&size));
    buf_free(&size);
}

static void say_code(const struct failed_try *failed, const struct meaning *m, const char *url,
                     struct error *e)
{
    const char *what = *failed->detail ? failed->detail : curl_easy_strerror(failed->code);
    struct buf safe = {0}; /* a certificate's names may stand in it */
    text_add_visible(&safe, slice_of(what));
    error_set(e, m->as, "%s: %s; %s", url, buf_text(&safe), m->advice);
    buf_free(&safe);
}

/* True when curl never sent a byte of the request. */
static bool is_unsent(CURL *easy)
{
    curl_off_t ready = 0;
    long sent = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    return ready == 0 && sent == 0;
}

static bool is_silent(CURL *easy)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 0;
}

struct failure failure_judge(const struct failed_try *failed, const char *url, struct error *e)
{
    const struct meaning *m = look_up(failed->code);
    if (failed->stop == STOP_LIMIT)
        say_too_large(failed, url, e);
    else if (failed->stop == STOP_HEADERS)
        error_set(e, ERROR_REFUSED,
                  "%s: the server sends headers without end; check that the URL is the right one",
                  url);
    else if (failed->stop == STOP_RANGE)
        error_set(e, ERROR_NETWORK,
                  "%s: the server sends another part of the file than was asked for; " AGAIN, url);
    else
        say_code(failed, m, url, e);
    return (struct failure){
        .lasting = (failed->stop != STOP_NONE && failed->stop != STOP_RANGE) || m->lasting,
        .unsent = is_unsent(failed->easy),
        .silent = is_silent(failed->easy),
    };
}
