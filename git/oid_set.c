#include "git/oid_set.h"

#include <string.h>

enum { FIRST_CAPACITY = 64 };

/* Object ids are hashes already. */
static git_oid *find_slot(git_oid *slots, size_t capacity, const git_oid *id)
{
    size_t at;
    memcpy(&at, id->id, sizeof at);
    at &= capacity - 1;
    while (!git_oid_is_zero(&slots[at]) && !git_oid_equal(&slots[at], id))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void grow(struct oid_set *set)
{
    size_t capacity = set->capacity ? set->capacity * 2 : FIRST_CAPACITY;
    git_oid *slots = arena_array(set->arena, capacity, sizeof *slots);
    for (size_t i = 0; i < set->capacity; i++)
        if (!git_oid_is_zero(&set->slots[i]))
            *find_slot(slots, capacity, &set->slots[i]) = set->slots[i];
    set->slots = slots;
    set->capacity = capacity;
}

bool oid_set_add(struct oid_set *set, const git_oid *id)
{
    if (git_oid_is_zero(id) || oid_set_has(set, id))
        return false;
    if (set->count * 2 >= set->capacity)
        grow(set);
    *find_slot(set->slots, set->capacity, id) = *id;
    set->count++;
    return true;
}

bool oid_set_has(const struct oid_set *set, const git_oid *id)
{
    return set->capacity && !git_oid_is_zero(id) &&
           !git_oid_is_zero(find_slot(set->slots, set->capacity, id));
}
