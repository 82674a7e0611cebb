#include "watcher/http/bearer.h"

#include "watcher/base/url.h"
#include "watcher/http/challenge.h"

#include <string.h>

enum {
    CHALLENGES_MOST = 2, /* a token may have died meanwhile; one that is new is refused for good */
    ANSWER_MOST = 256 * 1024, /* bytes of a token server's answer */
};

/* A job that waits for its token. */
struct waiting {
    struct http *http;
    struct job *job;
};

/* Everything up to the query: the pages of one list have it in common. */
static struct slice resource(const char *url)
{
    struct slice s = slice_of(url);
    return slice_first(s, slice_find_byte(s, '?'));
}

static struct bearer *find(const struct http *h, const char *url)
{
    for (size_t i = 0; i < h->bearers.count; i++)
        if (slice_equal(h->bearers.items[i].resource, resource(url)))
            return &h->bearers.items[i];
    return NULL;
}

const char *bearer_authorization(const struct http *h, const struct job *job)
{
    const struct bearer *b = job->request.bearer && !job->away ? find(h, job->url) : NULL;
    return b ? b->authorization : NULL;
}

static void remember(struct http *h, const char *url, const char *token)
{
    struct bearer *b = find(h, url);
    if (!b) {
        b = vec_add(&h->arena, &h->bearers);
        b->resource = arena_slice(&h->arena, resource(url));
    }
    b->authorization = arena_printf(&h->arena, "Bearer %s", token);
    record_hide(h->recorder, b->authorization);
}

static void token_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e)
{
    const struct waiting *w = arg;
    struct error why = *e;
    const char *token = NULL;
    (void)artefact;
    if (!error_is_set(&why) && response->status == 200)
        token = challenge_token(response, &w->job->arena, &why);
    else
        error_set(&why, ERROR_NETWORK,
                  "the token server answered %d: is there such an image, and "
                  "may everybody read it?",
                  response ? response->status : 0);
    if (token) {
        remember(w->http, w->job->url, token);
        queue_add_first(&w->http->queue, w->job);
        return;
    }
    error_context(&why, "%s", job_shown(w->job));
    why.code = why.code == ERROR_REFUSED ? ERROR_REFUSED : ERROR_NETWORK;
    job_fail(w->http, w->job, &why);
}

bool bearer_answer(struct http *h, struct job *job, const struct response *response)
{
    if (!job->request.bearer || response->status != 401 || job->away ||
        job->challenges == CHALLENGES_MOST)
        return false;
    const char *url = challenge_address(response, &job->arena);
    if (!url)
        return false;
    job->challenges++;
    struct waiting *w = arena_new(&job->arena, struct waiting);
    *w = (struct waiting){h, job};
    job_release(h, job);
    struct request request = {.url = url, .uncached = true, .secret = true, .limit = ANSWER_MOST};
    http_submit(h, &request, token_done, w);
    return true;
}

void bearers_free(struct http *h)
{
    arena_free(&h->arena);
    h->bearers.count = 0;
}
