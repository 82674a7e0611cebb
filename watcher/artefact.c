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
    if (good && artefact->kind == FILE_HTML && promised != FILE_HTML)
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
