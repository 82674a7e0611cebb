/* What is to be done about a pull request: rules over a situation, and nothing else. */
#include "watcher/propose_parts.h"

#include <string.h>

/* GitHub allows one open pull request from a branch into a base; of several into several bases the
 * oldest is taken. */
static struct seen *find(const struct pull_situation *s, enum proposal_state state, bool same)
{
    struct seen *found = NULL;
    for (size_t i = 0; i < s->seen.list.count; i++) {
        struct seen *seen = &s->seen.list.items[i];
        if (seen->p->state == state && (seen->order == 0) == same &&
            (!found || seen->p->number < found->p->number))
            found = seen;
    }
    return found;
}

/* Somebody closed this version or a newer one. Those that mwatch closed itself are marked. */
static struct seen *declined(const struct pull_situation *s)
{
    struct seen *found = NULL;
    for (size_t i = 0; i < s->seen.list.count; i++) {
        struct seen *seen = &s->seen.list.items[i];
        if (seen->p->state == PROPOSAL_CLOSED && !seen->marker.ended && seen->order >= 0 &&
            (!found || seen->p->number > found->p->number))
            found = seen;
    }
    return found;
}

/* The one just before this number, when mwatch closed it for what came after. */
static struct seen *superseded_by(const struct pull_situation *s, unsigned long long number)
{
    struct seen *last = NULL;
    for (size_t i = 0; i < s->seen.list.count; i++) {
        struct seen *seen = &s->seen.list.items[i];
        if (seen->p->number < number && (!last || seen->p->number > last->p->number))
            last = seen;
    }
    bool superseded = last && last->p->state == PROPOSAL_CLOSED && last->marker.ended &&
                      strcmp(last->marker.ended, "superseded") == 0;
    return superseded ? last : NULL;
}

static struct pull_plan nothing(struct proposed what)
{
    return (struct pull_plan){.deed = PULL_NOTHING, .told = what};
}

static bool is_same(const char *a, const char *b)
{
    return slice_equal(slice_of(a), slice_of(b));
}

static struct pull_plan keep(struct arena *a, const struct pull_situation *s, struct seen *current)
{
    if (s->branch == BRANCH_FOREIGN)
        return nothing(told(a, PROPOSED_LEFT, current->p, "left: #%llu has a commit by %s",
                            current->p->number, s->stranger));
    return (struct pull_plan){
        .deed = PULL_KEEP,
        .current = current,
        .before = superseded_by(s, current->p->number),
        .push = s->branch != BRANCH_READY && !s->covered,
        .retext =
            (!is_same(current->marker.digest, s->digest) && !s->covered) || current->marker.ended,
    };
}

/* Why no new pull request may be opened, in order of what weighs most. */
static bool blocked(struct arena *a, const struct pull_situation *s, struct proposed *why)
{
    struct seen *no = declined(s), *merged = find(s, PROPOSAL_MERGED, true);
    struct seen *old = find(s, PROPOSAL_OPEN, false);
    if (no && !s->asked)
        *why = told(a, PROPOSED_DECLINED, no->p, "declined in #%llu", no->p->number);
    else if (merged)
        *why = told(a, PROPOSED_LEFT, merged->p, "left: merged in #%llu, yet %s has the old one",
                    merged->p->number, s->base_name);
    else if (s->open)
        *why = told(a, PROPOSED_LEFT, s->open, "left: #%llu on its branch has no marker",
                    s->open->number);
    else if (s->branch == BRANCH_FOREIGN)
        *why = told(a, PROPOSED_LEFT, old ? old->p : NULL, "left: its branch has a commit by %s",
                    s->stranger);
    else if (old && s->sequential)
        *why = told(a, PROPOSED_WAITS, old->p, "waits for #%llu", old->p->number);
    else if (!s->room_hour || (!s->room_open && !old))
        *why = told(a, PROPOSED_WAITS, NULL, "left for the next run: %s",
                    s->room_hour ? "limits.open is reached" : "limits.hourly is reached");
    else
        return false;
    return true;
}

struct pull_plan pull_decide(struct arena *a, const struct pull_situation *s)
{
    struct proposed why;
    struct seen *current = find(s, PROPOSAL_OPEN, true);
    if (s->base == BASE_HAS_IT)
        return nothing(
            told(a, PROPOSED_LEFT, NULL, "left: %s has it, update the checkout", s->base_name));
    if (s->base == BASE_DIFFERS)
        return nothing(told(a, PROPOSED_LEFT, NULL,
                            "left: %s is another on %s, update the checkout first", s->base_file,
                            s->base_name));
    if (current)
        return keep(a, s, current);
    if (blocked(a, s, &why))
        return nothing(why);
    struct seen *old = find(s, PROPOSAL_OPEN, false);
    return (struct pull_plan){
        .deed = PULL_CREATE,
        .old = old,
        .before = old ? old : superseded_by(s, (unsigned long long)-1),
        .push = s->branch != BRANCH_READY,
    };
}
