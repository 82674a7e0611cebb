/* Fuzzes what OSV answers: batches, advisories, complaints; and the vectors in them. */
#include "watcher/cvss.h"
#include "watcher/osv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse_batch(struct slice body)
{
    struct arena a = {0};
    struct error e = {0};
    struct osv_answer answers[2] = {0}, *list[] = {&answers[0], &answers[1]};
    bool good = osv_batch_parse(&a, body, list, 2, &e);
    if (good == error_is_set(&e) || (!good && (answers[0].ids.count || answers[1].page)))
        abort();
    for (size_t i = 0; i < answers[0].ids.count; i++)
        if (strpbrk(answers[0].ids.items[i], " /()[]<>@#\n\x1b"))
            abort();
    arena_free(&a);
}

static void parse_advisory(struct slice body)
{
    struct arena a = {0};
    struct error e = {0};
    struct advisory x = {0};
    if (osv_advisory_parse(&a, "GHSA-1", body, &x, &e)) {
        if (x.summary && strpbrk(x.summary, "\n\x1b"))
            abort();
        if (!osv_same(&x, &x))
            abort();
    } else if (!error_is_set(&e)) {
        abort();
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_new((const char *)data, size);
    struct arena a = {0};
    int score = cvss_score(body);
    if (score < -1 || score > 100)
        abort();
    parse_batch(body);
    parse_advisory(body);
    osv_complaint(&a, body);
    arena_free(&a);
    return 0;
}
