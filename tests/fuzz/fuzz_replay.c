/* Fuzzes a recording: whatever is in it is indexed, and each of its requests is asked for again. */
#include "watcher/http/exchange.h"
#include "watcher/http/replay.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a recording answers can be recorded again, and is read back the same. */
static void round_trip(const struct answer *answer, const char *url)
{
    struct arena a = {0};
    struct error e = {0};
    struct buf text = {0};
    struct answer again;
    struct request request = {.url = url};
    exchange_write(&request, answer, NULL, &text);
    if (!exchange_read(json_parse(&a, buf_slice(&text), &e), &a, &again, &e) ||
        !slice_equal(answer->response.body, again.response.body) ||
        answer->hashed != again.hashed || answer->error.code != again.error.code)
        abort();
    buf_free(&text);
    arena_free(&a);
}

static void ask(struct replay *r, const char *method, const char *url, struct slice body)
{
    struct arena a = {0};
    struct answer answer;
    struct request request = {.method = method, .url = url, .body = body};
    replay_answer(r, &request, &a, &answer);
    if (!answer.response.status && !error_is_set(&answer.error))
        answer.response.status = 200;
    round_trip(&answer, url);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context ctx = {0};
    struct error e = {0};
    FILE *stream = size ? fmemopen((void *)data, size, "r") : NULL;
    if (!stream)
        return 0;
    struct replay *r = replay_read(&ctx, stream, "fuzzed", &e);
    if (!r != error_is_set(&e))
        abort();
    if (!r)
        return 0;
    for (int i = 0; i < 3; i++) {
        ask(r, NULL, "https://x/", (struct slice){0});
        ask(r, "POST", "https://x/", SLICE("q\n"));
    }
    replay_close(r);
    return 0;
}
