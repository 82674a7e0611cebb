/* What differs from the last build. */
#include "watcher/due_parts.h"

#include <string.h>

/* Only the architectures that are built count, whatever else was published. */
static void keep_archs(struct due_image *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->then.sets.count; i++)
        for (size_t k = 0; k < m->archs.count; k++)
            if (strcmp(m->archs.items[k], m->then.sets.items[i].arch) == 0) {
                m->then.sets.items[kept++] = m->then.sets.items[i];
                break;
            }
    m->then.sets.count = kept;
}

/* Was just this triggered before, though what tells of the last build does not know it yet? */
static bool is_under_way(struct due *d, struct due_image *m)
{
    const struct record_entry *entry = d->record ? record_find(d->record, m->name) : NULL;
    if (!entry || !entry->triggered || m->settings.state == REBUILD_RECORD ||
        strcmp(state_digest(&d->arena, &entry->state), state_digest(&d->arena, &m->now)) != 0)
        return false;
    m->tag = entry->tag;
    return true;
}

static void compare(struct due *d, struct due_image *m)
{
    keep_archs(m);
    bool same = m->then.digest && strcmp(m->then.digest, state_digest(&d->arena, &m->now)) == 0;
    if (!m->then.digest)
        state_difference(&d->arena, &m->then, &m->now, &m->changes);
    if (!m->then.digest)
        same = m->changes.list.count == 0;
    m->fate = same ? DUE_SAME : is_under_way(d, m) ? DUE_TRIGGERED : DUE_REBUILD;
}

void due_compare(struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++)
        if (!due_failed(d->images.items[i]))
            compare(d, d->images.items[i]);
}

static void note(struct due *d, const struct due_image *m, int64_t now)
{
    struct record_entry *entry = record_entry(&d->arena, d->record, m->name);
    entry->tag = m->tag;
    entry->triggered = now;
    entry->state = m->now;
    vec_push(&d->arena, &entry->tags, m->tag);
    due_note_built(d, m);
}

void due_note(struct due *d, unsigned level, int64_t now)
{
    for (size_t i = 0; d->record && i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD &&
            (level == 0 || d->images.items[i]->level == level))
            note(d, d->images.items[i], now);
}
