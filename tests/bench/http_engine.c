/* usage: http_engine PREFIX COUNT PLACES [CA]    asks PREFIX1 ... PREFIXcount, PLACES at once */
#include "watcher/base/buf.h"
#include "watcher/http/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void count_answer(void *arg, const struct response *response,
                         const struct artefact_result *artefact, const struct error *e)
{
    int *good = arg;
    (void)artefact;
    if (error_is_set(e))
        fprintf(stderr, "%s\n", e->message);
    else
        *good += response->status == 200;
}

static void submit(struct http *h, const char *prefix, int number, int *good)
{
    struct buf url = {0};
    buf_addf(&url, "%s%d", prefix, number);
    struct request request = {.url = buf_text(&url)};
    http_submit(h, &request, count_answer, good);
    buf_free(&url);
}

int main(int argc, char **argv)
{
    struct context ctx;
    struct error e = {0};
    int good = 0;
    if (argc < 4)
        return 2;
    const char *const plain_hosts[] = {"127.0.0.1", NULL};
    int count = (int)strtol(argv[2], NULL, 10), places = (int)strtol(argv[3], NULL, 10);
    struct http_options options = {.jobs = places,
                                   .per_host = places,
                                   .plain_hosts = plain_hosts,
                                   .ca_file = argc > 4 ? argv[4] : NULL};
    context_init(&ctx);
    struct http *h = http_open(&ctx, &options, &e);
    if (!h) {
        fprintf(stderr, "%s\n", e.message);
        return 1;
    }
    for (int i = 1; i <= count; i++)
        submit(h, argv[1], i, &good);
    http_run(h);
    http_close(h);
    return good == count ? 0 : 1;
}
