#include "watcher/deliver.h"

#include "watcher/base/file.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"

#include <stdlib.h>

bool deliver_append(const char *path, struct slice text, struct error *e)
{
    FILE *file = fopen(path, "a");
    bool good = file && fwrite(text.ptr, 1, text.len, file) == text.len;
    if (file && fclose(file) != 0)
        good = false;
    return good || error_errno(e, ERROR_SYSTEM, "%s cannot be written", path);
}

/* A row that a person must see even when it was there yesterday. */
static bool is_alarming(const struct outcome *o)
{
    enum decision_kind kind = o->decision.kind;
    return kind == DECISION_ERROR || kind == DECISION_REGRESSED || kind == DECISION_RETAGGED ||
           o->warnings.count > 0;
}

/* A proposal that has been open for days is none. */
static bool is_news(const struct delivery *d, const struct outcome *o)
{
    enum proposed_state state = o->proposed.state;
    if (is_alarming(o))
        return true;
    if (d->depth == DEPTH_RUN && !d->dry_run)
        return state == PROPOSED_OPENED || state == PROPOSED_UPDATED || state == PROPOSED_CLOSED;
    return decision_proposes(&o->decision) || o->decision.kind == DECISION_REBUILD;
}

static void print_news(const struct context *ctx, const struct delivery *d, const struct results *r)
{
    struct results news = *r;
    news.items = memory_zalloc((r->count + 1) * sizeof *news.items);
    news.count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (is_news(d, r->items[i]))
            news.items[news.count++] = r->items[i];
    if (news.count)
        report_row(d->format)->print(ctx, stdout, &news, d->depth);
    free(news.items);
}

/* Whole or not at all: who reads it may do so at any time. */
static bool write_report(const struct context *ctx, const struct delivery *d,
                         const struct results *r, struct error *e)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (memory)
        report_json.print(ctx, memory, r, d->depth);
    bool good = memory && !ferror(memory);
    if (memory && fclose(memory) != 0)
        good = false;
    good = good ? file_replace(d->report, slice_new(text, length), e)
                : error_errno(e, ERROR_SYSTEM, "%s cannot be written", d->report);
    free(text);
    return good;
}

static bool is_given(const char *path)
{
    return path && *path;
}

static bool tell_workflow(const struct delivery *d, const struct results *r, struct error *e)
{
    struct buf text = {0};
    bool good = true;
    if (is_given(d->output)) {
        deliver_add_outputs(&text, r);
        good = deliver_append(d->output, buf_slice(&text), e);
        buf_clear(&text);
    }
    if (is_given(d->summary)) {
        deliver_add_summary(&text, r, d->depth);
        good = deliver_append(d->summary, buf_slice(&text), e) && good;
    }
    buf_free(&text);
    return good;
}

bool deliver(const struct context *ctx, const struct delivery *d, const struct results *r,
             struct error *e)
{
    bool good = true;
    if (d->quiet && d->format == REPORT_TABLE)
        print_news(ctx, d, r);
    else
        report_row(d->format)->print(ctx, stdout, r, d->depth);
    if (d->report)
        good = write_report(ctx, d, r, e);
    if (d->format == REPORT_GITHUB)
        good = tell_workflow(d, r, e) && good;
    return good;
}
