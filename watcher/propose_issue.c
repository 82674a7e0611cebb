/* What is to be done about an issue: rules over a situation, and nothing else. */
#include "watcher/propose_parts.h"

#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return slice_equal(slice_of(a), slice_of(b));
}

static size_t numbers_of(struct slice stream)
{
    struct slice part;
    size_t count = 0;
    while (slice_split(&stream, '.', &part))
        count++;
    return count;
}

const char *issue_line(struct arena *a, const struct component *c, const struct decision *d)
{
    size_t count = 1;
    if (d->kind == DECISION_NEW_STREAM && c->stream)
        count = numbers_of(slice_of(c->stream));
    else if (d->kind != DECISION_MAJOR)
        return "next";
    return arena_text(a, scheme_series(slice_of(d->version), count));
}

/* The lowest number that is open, the highest that is closed. */
static struct seen *find(const struct issue_situation *s, bool open)
{
    struct seen *found = NULL;
    for (size_t i = 0; i < s->seen.list.count; i++) {
        struct seen *seen = &s->seen.list.items[i];
        if ((seen->p->state == PROPOSAL_OPEN) != open || !is_same(seen->marker.line, s->line))
            continue;
        if (!found || (seen->p->number < found->p->number) == open)
            found = seen;
    }
    return found;
}

static bool was_duplicate(const struct seen *seen)
{
    return seen->marker.ended && strcmp(seen->marker.ended, "duplicate") == 0;
}

struct issue_plan issue_decide(struct arena *a, const struct issue_situation *s)
{
    struct issue_plan plan = {.deed = ISSUE_NOTHING};
    struct seen *open = find(s, true), *closed = find(s, false);
    if (open) {
        plan.deed = ISSUE_KEEP;
        plan.current = open;
        plan.retext = !is_same(open->marker.digest, s->digest) || open->marker.ended;
    } else if (closed && !closed->marker.ended && !s->asked && (s->once || closed->order >= 0)) {
        plan.told = told(a, PROPOSED_DECLINED, closed->p, "declined in #%llu", closed->p->number);
    } else if (closed && ((closed->marker.ended && !was_duplicate(closed)) || s->asked)) {
        plan.deed = ISSUE_REOPEN;
        plan.current = closed;
        plan.retext = true;
    } else if (!s->room_hour) {
        plan.told =
            told(a, PROPOSED_WAITS, NULL, "left for the next run: limits.hourly is reached");
    } else {
        plan.deed = ISSUE_CREATE;
    }
    return plan;
}

const char *issue_gives_way(const struct seen *open, const struct seen *current)
{
    if (open->p->state != PROPOSAL_OPEN || open->p->number == current->p->number)
        return NULL;
    if (is_same(open->marker.line, current->marker.line))
        return open->p->number > current->p->number ? "duplicate" : NULL;
    bool kin = is_same(open->marker.decision, current->marker.decision);
    return kin && open->order < 0 ? "superseded" : NULL;
}

bool issue_is_done(const struct component *c, const struct marker *m)
{
    if (!c->current)
        return false;
    if (version_order(c->scheme, c->current, m->version) >= 0)
        return true;
    return m->line && strcmp(m->line, "next") != 0 &&
           scheme_in_stream(slice_of(c->current), slice_of(m->line));
}

/* What stands behind "- [x] " in a line, NULL when it is no ticked box. Editors on the web end
 * lines with CRLF. */
static bool box(struct slice line, const char *mark, struct slice *text)
{
    if (!slice_starts(line, slice_of(mark)))
        return false;
    *text = slice_trim(slice_from(line, strlen(mark)));
    return true;
}

static bool is_ticked(const char *body, struct slice item)
{
    struct slice rest = slice_of(body), line, text;
    while (slice_line(&rest, &line))
        if ((box(line, "- [x] ", &text) || box(line, "- [X] ", &text)) && slice_equal(text, item))
            return true;
    return false;
}

const char *issue_keep_ticks(struct arena *a, const char *generated, const char *old)
{
    struct slice rest = slice_of(generated), line, text;
    struct buf out = {0};
    while (slice_line(&rest, &line)) {
        if (box(line, "- [ ] ", &text) && is_ticked(old, text))
            buf_addf(&out, "- [x] %.*s\n", SLICE_ARG(text));
        else
            buf_addf(&out, "%.*s\n", SLICE_ARG(line));
    }
    const char *copy = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return copy;
}
