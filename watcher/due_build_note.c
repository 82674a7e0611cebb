/* What recipes were built with is noted, to be compared with what they would be. */
#include "watcher/due_parts.h"

#include <string.h>

static void note(struct due *d, const struct due_build *b)
{
    struct record_build *build = record_build(&d->arena, d->record, b->recipe->file);
    build->version = b->recipe->version;
    build->state = b->made.now;
}

void due_note_built(struct due *d, const struct due_image *m)
{
    for (size_t i = 0; i < d->builds.count; i++) {
        const struct due_build *b = d->builds.items[i];
        if (due_failed(&b->made) || (d->bumps && b->made.fate == DUE_REBUILD))
            continue;
        for (size_t k = 0; k < m->recipes.count; k++)
            if (m->recipes.items[k] == b->recipe)
                note(d, b);
    }
}

/* An architecture that came to be since is noted beside the others. */
static bool note_archs(struct due *d, const struct due_build *b)
{
    struct record_build *build = record_find_build(d->record, b->recipe->file);
    size_t before = build->state.sets.count;
    for (size_t i = 0; i < b->made.now.sets.count; i++) {
        const struct image_set *set = &b->made.now.sets.items[i];
        bool found = false;
        for (size_t k = 0; k < before && !found; k++)
            found = strcmp(build->state.sets.items[k].arch, set->arch) == 0;
        if (!found)
            vec_push(&d->arena, &build->state.sets, *set);
    }
    state_sort(&build->state);
    return build->state.sets.count > before;
}

bool due_note_builds(struct due *d)
{
    bool noted = false;
    for (size_t i = 0; d->record && i < d->builds.count; i++) {
        const struct due_build *b = d->builds.items[i];
        if (due_failed(&b->made))
            continue;
        if (b->known) {
            noted = note_archs(d, b) || noted;
        } else {
            note(d, b);
            noted = true;
        }
    }
    return noted;
}

size_t due_count_builds(const struct due *d, enum due_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < d->builds.count; i++)
        count += d->builds.items[i]->made.fate == fate;
    return count;
}
