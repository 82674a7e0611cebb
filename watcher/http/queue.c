#include "watcher/http/queue.h"

#include <string.h>

struct host {
    struct host *next; /* in a ring */
    struct origin origin;
    int active;   /* jobs that have a place */
    int silences; /* requests without any answer since the last one with */
    struct lane *lanes;
};

void queue_free(struct queue *q)
{
    arena_free(&q->arena);
    *q = (struct queue){.per_host = q->per_host};
}

/* GitHub counts searches and GraphQL apart from the rest (x-ratelimit-resource), and its web
 * server's pages apart from git. */
static const char *quota_of(const char *url)
{
    struct slice path = slice_first(slice_of(url), slice_find_byte(slice_of(url), '?'));
    if (slice_ends(path, SLICE("/graphql")))
        return "graphql";
    if (slice_ends(path, SLICE(".atom")))
        return "feed";
    return slice_contains(path, SLICE("/search/")) ? "search" : "";
}

static struct host *find_host(struct queue *q, const struct origin *origin)
{
    struct host *host = q->hosts;
    for (; host; host = host->next == q->hosts ? NULL : host->next)
        if (origin_equal(&host->origin, origin))
            return host;
    host = arena_new(&q->arena, struct host);
    host->origin = *origin;
    host->next = q->hosts ? q->hosts->next : host;
    if (q->hosts)
        q->hosts->next = host;
    else
        q->hosts = host;
    return host;
}

static struct lane *find_lane(struct queue *q, const struct job *job)
{
    struct host *host = find_host(q, &job->origin);
    const char *credential = job->request.credential && !job->away ? job->request.credential : "";
    const char *quota = quota_of(job->url);
    struct lane *lane = host->lanes;
    while (lane && (strcmp(lane->credential, credential) != 0 || strcmp(lane->quota, quota) != 0))
        lane = lane->next;
    if (lane)
        return lane;
    lane = arena_new(&q->arena, struct lane);
    *lane = (struct lane){.next = host->lanes, .host = host, .quota = quota};
    lane->credential = arena_copy(&q->arena, credential);
    lane->last = &lane->first;
    host->lanes = lane;
    return lane;
}

void queue_add(struct queue *q, struct job *job)
{
    struct lane *lane = job->lane = find_lane(q, job);
    job->next = NULL;
    *lane->last = job;
    lane->last = &job->next;
}

void queue_add_first(struct queue *q, struct job *job)
{
    struct lane *lane = job->lane = find_lane(q, job);
    job->next = lane->first;
    if (!lane->first)
        lane->last = &job->next;
    lane->first = job;
}

static struct job *take_first(struct lane *lane)
{
    struct job *job = lane->first;
    lane->first = job->next;
    if (!lane->first)
        lane->last = &lane->first;
    job->next = NULL;
    lane->host->active++;
    return job;
}

static struct lane *open_lane(const struct host *host, int64_t now)
{
    struct lane *lane = host->lanes;
    while (lane && (!lane->first || lane->paused > now))
        lane = lane->next;
    return lane;
}

struct job *queue_take(struct queue *q, int64_t now)
{
    struct host *start = q->hosts, *host = start;
    if (!start)
        return NULL;
    do {
        struct lane *lane = host->active < q->per_host ? open_lane(host, now) : NULL;
        if (lane) {
            q->hosts = host->next; /* the next host's turn */
            return take_first(lane);
        }
        host = host->next;
    } while (host != start);
    return NULL;
}

void queue_release(struct job *job)
{
    job->lane->host->active--;
}

void queue_note(struct job *job, bool answered)
{
    struct host *host = job->lane->host;
    host->silences = answered ? 0 : host->silences + 1;
}

bool queue_is_down(const struct job *job)
{
    return job->lane->host->silences >= HOST_SILENCES;
}

void queue_wait(struct queue *q, struct job *job, int64_t due)
{
    struct job **at = &q->waiting;
    job->due = due;
    while (*at && (*at)->due <= due)
        at = &(*at)->next;
    job->next = *at;
    *at = job;
}

void queue_wake(struct queue *q, int64_t now)
{
    while (q->waiting && q->waiting->due <= now) {
        struct job *job = q->waiting;
        q->waiting = job->next;
        queue_release(job);
        queue_add_first(q, job);
    }
}

int64_t queue_next_event(const struct queue *q)
{
    int64_t soonest = q->waiting ? q->waiting->due : -1;
    const struct host *host = q->hosts;
    for (; host; host = host->next == q->hosts ? NULL : host->next)
        for (const struct lane *lane = host->lanes; lane; lane = lane->next)
            if (lane->first && lane->paused && (soonest < 0 || lane->paused < soonest))
                soonest = lane->paused;
    return soonest;
}
