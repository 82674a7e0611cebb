/* Finding mwatch's own proposals and commits again, and telling them from other people's. */
#include "watcher/propose_parts.h"

#include "watcher/base/text.h"

#include <string.h>

int version_order(const struct scheme *scheme, const char *a, const char *b)
{
    struct slice x = slice_of(a), y = slice_of(b);
    if (scheme && scheme->valid(x) && scheme->valid(y))
        return scheme->compare(x, y);
    return slice_equal(x, y) ? 0 : -1;
}

static bool same_text(const char *a, const char *b)
{
    return slice_equal(slice_of(a), slice_of(b));
}

bool member_order(struct arena *a, const struct outcome *o, const char *members, int *order)
{
    const char *wanted = marker_component(a, o->component), *version;
    struct slice rest = slice_of(members), component;
    while (members && marker_next_member(a, &rest, &component, &version)) {
        if (!slice_is(component, wanted))
            continue;
        *order = version_order(o->component->scheme, version, o->decision.version);
        return true;
    }
    return false;
}

static size_t count_members(const char *members)
{
    size_t count = 1;
    for (const char *at = strchr(members, ','); at; at = strchr(at + 1, ','))
        count++;
    return count;
}

int members_order(struct arena *a, const struct group *wanted, const char *members)
{
    int order = 0;
    for (size_t i = 0; i < wanted->members.count; i++) {
        int had;
        if (!member_order(a, wanted->members.items[i], members, &had) || had < 0)
            return -1;
        order = had > 0 ? 1 : order;
    }
    return count_members(members) > wanted->members.count ? 1 : order;
}

/* An open one of a group is brought up to date in its place; one that was merged with all that is
 * wanted now has been taken back. */
static int group_order(struct arena *a, const struct wanted *w, const struct seen *seen)
{
    int order = seen->marker.members ? members_order(a, w->group, seen->marker.members) : -1;
    if (seen->p->state == PROPOSAL_OPEN || (seen->p->state == PROPOSAL_MERGED && order > 0))
        return 0;
    return order;
}

/* The same version built anew is another proposal when something else is to change for it; but a
 * rebuild that is still open is for whatever else it is due. */
static int order_of(const struct wanted *w, const struct seen *seen)
{
    const struct marker *m = &seen->marker;
    int order = version_order(w->scheme, m->version, w->marker.version);
    bool joins =
        seen->p->state == PROPOSAL_OPEN && marker_is_rebuild(m) && marker_is_rebuild(&w->marker);
    return order == 0 && !joins && !same_text(m->line, w->marker.line) ? -1 : order;
}

void sight(struct arena *a, const struct wanted *w, const struct proposals *all,
           struct sightings *out)
{
    for (size_t i = 0; i < all->list.count; i++) {
        struct proposal *p = &all->list.items[i];
        struct seen seen = {.p = p};
        if (p->outsider || !marker_read(a, p->body, &seen.marker) ||
            !same_text(seen.marker.component, w->marker.component))
            continue;
        seen.order = w->group ? group_order(a, w, &seen) : order_of(w, &seen);
        vec_push(a, &out->list, seen);
    }
}

struct proposed told(struct arena *a, enum proposed_state state, const struct proposal *about,
                     const char *format, ...)
{
    struct buf text = {0}, safe = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    text_add_visible(&safe, buf_slice(&text));
    struct proposed result = {state, arena_text(a, buf_slice(&safe)),
                              about ? arena_copy(a, about->url) : NULL};
    buf_free(&text);
    buf_free(&safe);
    return result;
}

const char *commit_message(struct arena *a, const char *message, const char *component,
                           const char *change)
{
    struct slice text = slice_trim(slice_of(message));
    return arena_printf(a, "%.*s\n\nMwatch-Component: %s\nMwatch-Change: %s\n", SLICE_ARG(text),
                        component, change);
}

const char *change_digest(struct arena *a, const struct change_set *set)
{
    struct hash_result whole, file;
    struct buf all = {0};
    for (size_t i = 0; i < set->files.count; i++) {
        hash_bytes(set->files.items[i].after, &file);
        buf_addf(&all, "%s %s\n", file.sha256, set->files.items[i].file);
    }
    hash_bytes(buf_slice(&all), &whole);
    buf_free(&all);
    return arena_copy(a, whole.sha256);
}

/* The last one counts: trailers stand at the end. */
struct slice commit_trailer(const char *message, const char *name)
{
    struct slice rest = slice_of(message), line, value = {0};
    size_t len = strlen(name);
    while (slice_line(&rest, &line))
        if (slice_starts(line, slice_of(name)) && slice_starts(slice_from(line, len), SLICE(": ")))
            value = slice_trim(slice_from(line, len + 2));
    return value;
}

/* GitHub signs for Apps as noreply@github.com; a user's token makes the user author and committer.
 */
bool commit_is_ours(const struct branch_commit *c, const char *component, const char *committer,
                    bool through_api)
{
    struct slice by = slice_of(c->committer_email);
    if (!slice_is(commit_trailer(c->message, "Mwatch-Component"), component))
        return false;
    if (slice_equal_nocase(by, slice_of(committer)) || slice_is(by, "noreply@github.com"))
        return true;
    return through_api && slice_equal_nocase(by, slice_of(c->author_email));
}
