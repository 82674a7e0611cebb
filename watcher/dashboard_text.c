#include "watcher/dashboard_text.h"

#include "watcher/base/timestamp.h"
#include "watcher/markdown.h"
#include "watcher/marker.h"

#include <string.h>

enum { REASON_MOST = 300 };

/* In this order. */
enum section { ATTENTION, WAITING, PROPOSED, QUIET, SECTIONS };

static const char *const headings[SECTIONS] = {
    [ATTENTION] = "Needs a person",
    [WAITING] = "Waits, was declined or is held",
    [PROPOSED] = "Proposed",
    [QUIET] = "Nothing to do",
};

const char *dashboard_ask(struct arena *a, bool rebase, const struct component *c)
{
    return arena_printf(a, "%s %s", rebase ? "rebase" : "open", marker_component(a, c));
}

static const char *hidden(struct arena *a, const char *ask)
{
    return arena_printf(a, "<!-- mwatch-ask %s -->", ask);
}

bool dashboard_is_ticked(const char *body, const char *ask)
{
    struct arena a = {0};
    struct slice rest = slice_of(body), line;
    struct slice wanted = slice_of(hidden(&a, ask));
    bool ticked = false;
    while (body && !ticked && slice_line(&rest, &line)) {
        line = slice_trim(line);
        ticked = (slice_starts(line, SLICE("- [x] ")) || slice_starts(line, SLICE("- [X] "))) &&
                 slice_ends(line, wanted);
    }
    arena_free(&a);
    return ticked;
}

static enum section section_of(const struct outcome *o)
{
    switch (o->decision.kind) {
    case DECISION_ERROR:
    case DECISION_REGRESSED:
        return ATTENTION;
    case DECISION_RETAGGED:
        return o->proposed.state == PROPOSED_NOTHING ? ATTENTION : PROPOSED;
    case DECISION_HELD:
        return WAITING;
    default:
        break;
    }
    switch (o->proposed.state) {
    case PROPOSED_DECLINED:
    case PROPOSED_WAITS:
    case PROPOSED_LEFT:
        return WAITING;
    case PROPOSED_OPENED:
    case PROPOSED_UPDATED:
    case PROPOSED_UNCHANGED:
        return PROPOSED;
    default:
        return QUIET;
    }
}

/* May the row have a box, and which? */
static bool has_box(const struct outcome *o, bool *rebase)
{
    enum section section = section_of(o);
    *rebase = section == PROPOSED;
    if (section == PROPOSED)
        return o->changes && o->changes->branch;
    return section == WAITING &&
           (o->decision.kind == DECISION_HELD || o->proposed.state == PROPOSED_DECLINED ||
            o->proposed.state == PROPOSED_WAITS);
}

/* What was asked and is not done yet keeps its tick. */
static bool keeps_tick(const struct outcome *o, const char *old, const char *ask, bool rebase)
{
    bool read = rebase ? o->component->asked_rebase : o->component->asked_open;
    bool done = read && !o->unasked && o->decision.kind != DECISION_ERROR;
    return !done && dashboard_is_ticked(old, ask);
}

static void add_versions(struct buf *out, const struct outcome *o)
{
    const struct decision *d = &o->decision;
    if (o->component->current) {
        buf_add_byte(out, ' ');
        markdown_add_code(out, slice_of(o->component->current));
    }
    if (d->version && strcmp(d->version, o->component->current ? o->component->current : "") != 0) {
        buf_add_text(out, " → ");
        markdown_add_code(out, slice_of(d->version));
    }
    buf_addf(out, ", %s", decision_name(d->kind));
    if (d->candidate.published && d->version && section_of(o) != QUIET) {
        buf_add_text(out, ", of ");
        timestamp_add_date(out, d->candidate.published);
    }
}

/* Whether it was opened just now or before is no news a run later: then the text would change. */
static void add_why(struct buf *out, const struct outcome *o)
{
    const char *what = o->proposed.what;
    enum section section = section_of(o);
    const char *why = section == WAITING && what ? what : o->decision.reason;
    if (section == PROPOSED && o->proposed.url) {
        buf_addf(out, ": [%s](%s)", o->changes && o->changes->branch ? "pull request" : "issue",
                 o->proposed.url);
        return;
    }
    if (section == QUIET || !why)
        return;
    buf_add_text(out, ": ");
    markdown_add(out, slice_first(slice_of(why), REASON_MOST));
    if (o->proposed.url)
        buf_addf(out, " ([see](%s))", o->proposed.url);
}

static void add_row(struct arena *a, struct buf *out, const struct outcome *o, const char *old)
{
    struct buf title = {0};
    bool rebase, box = has_box(o, &rebase);
    const char *ask = dashboard_ask(a, rebase, o->component);
    buf_add_text(out, "- ");
    if (box)
        buf_addf(out, "[%c] ", keeps_tick(o, old, ask, rebase) ? 'x' : ' ');
    component_add_title(&title, o->component);
    markdown_add(out, buf_slice(&title));
    add_versions(out, o);
    add_why(out, o);
    if (box)
        buf_addf(out, " %s", hidden(a, ask));
    buf_add_byte(out, '\n');
    buf_free(&title);
}

/* Add the rows of a section as long as there is room; how many did not fit. */
static size_t add_section(struct buf *out, const struct results *results, enum section section,
                          const char *old, size_t most)
{
    size_t left = 0;
    bool any = false;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *o = results->items[i];
        struct arena a = {0};
        struct buf row = {0};
        if (section_of(o) != section)
            continue;
        if (!any)
            buf_addf(&row, "\n### %s\n\n", headings[section]);
        add_row(&a, &row, o, old);
        bool fits = !left && out->len + row.len <= most;
        if (fits)
            buf_add(out, buf_slice(&row));
        else
            left++;
        any = any || fits;
        buf_free(&row);
        arena_free(&a);
    }
    return left;
}

const char *dashboard_text(struct arena *a, const struct results *results, const char *old,
                           size_t most)
{
    static const char foot_room[] = "\n0000000 components more are not shown: there is no room.\n";
    struct buf out = {0};
    size_t left = 0, room = most - sizeof foot_room - sizeof DASHBOARD_MARKER - 2;
    buf_add_text(&out, "What mwatch watches here. Tick a box, and the next run makes the branch of "
                       "a pull request anew, or opens what waits, was declined or is held.\n");
    for (int section = 0; section < SECTIONS; section++)
        left += add_section(&out, results, (enum section)section, old, left ? 0 : room);
    if (left)
        buf_addf(&out, "\n%zu component%s more %s not shown: there is no room.\n", left,
                 left == 1 ? "" : "s", left == 1 ? "is" : "are");
    buf_addf(&out, "\n%s\n", DASHBOARD_MARKER);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}
