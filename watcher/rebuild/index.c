#include "watcher/rebuild/index.h"

#include "watcher/base/archive.h"
#include "watcher/base/memory.h"
#include "watcher/rebuild/index_parts.h"

#include <stdlib.h>
#include <string.h>

/* Wolfi's index for one architecture is some tens of megabytes of text. */
enum { INDEX_BYTES = 1 << 30, FIRST_CAPACITY = 256 };

struct index *index_new(void)
{
    return memory_zalloc(sizeof(struct index));
}

void index_free(struct index *ix)
{
    if (!ix)
        return;
    for (size_t i = 0; i < ix->texts.count; i++)
        buf_free(&ix->texts.items[i]);
    free(ix->list.items);
    free(ix->packages.items);
    free(ix->provides.items);
    free(ix->triggers.items);
    names_free(&ix->names);
    arena_free(&ix->arena);
    free(ix);
}

void *index_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity + *capacity / 2 : FIRST_CAPACITY;
    return memory_resize(items, memory_product(*capacity, size));
}

uint32_t index_name(struct index *ix, struct slice name)
{
    void **slot = names_slot(&ix->names, name);
    if (!*slot) {
        index_push(&ix->list, name);
        *slot = (void *)(uintptr_t)ix->list.count;
    }
    return (uint32_t)((uintptr_t)*slot - 1);
}

uint32_t index_known_name(const struct index *ix, struct slice name)
{
    uintptr_t number = (uintptr_t)names_find(&ix->names, name);
    return number ? (uint32_t)(number - 1) : INDEX_NONE;
}

/* Does it end in "-rN"? */
static bool has_release(struct slice version)
{
    size_t dash = slice_find_last_byte(version, '-');
    struct slice end = dash == SLICE_NONE ? SLICE("") : slice_from(version, dash);
    return slice_starts(end, SLICE("-r")) && slice_all_digits(slice_from(end, 2));
}

struct slice index_soname_version(struct arena *a, struct slice name, struct slice version)
{
    if (version.len == 0 || !slice_starts(name, SLICE("so:")) || has_release(version))
        return version;
    return slice_of(arena_printf(a, "0.%.*s", SLICE_ARG(version)));
}

/* The text of the index, whose slices the packages borrow. */
static bool text_of(const char *label, struct slice bytes, struct buf *out, struct error *e)
{
    *out = BUF_MAX(INDEX_BYTES);
    enum file_kind kind = file_kind_of(bytes);
    if (kind != FILE_GZIP && kind != FILE_TAR)
        return buf_add(out, bytes) ||
               error_set(e, ERROR_UPSTREAM, "%s: larger than %d bytes", label, INDEX_BYTES);
    return archive_entry(bytes, "APKINDEX", out, e) || error_context(e, "%s", label);
}

bool index_add(struct index *ix, const struct repository *from, struct slice bytes, struct error *e)
{
    struct repository *r = vec_add(&ix->arena, &ix->repositories);
    r->url = from->url ? arena_copy(&ix->arena, from->url) : "APKINDEX";
    r->tag = from->tag ? arena_copy(&ix->arena, from->tag) : "";
    ix->tagged = ix->tagged || *r->tag;
    struct buf *text = vec_add(&ix->arena, &ix->texts);
    return text_of(r->url, bytes, text, e) &&
           index_read(ix, (uint32_t)ix->repositories.count - 1, buf_slice(text), e);
}

/* Turn counts, those of the number `i` at i + 1, into where each begins. */
static void add_up(uint32_t *counts, size_t names)
{
    for (size_t i = 0; i < names; i++)
        counts[i + 1] += counts[i];
}

static void link_provides(struct index *ix, uint32_t *at)
{
    size_t names = ix->list.count;
    for (size_t i = 0; i < ix->provides.count; i++) {
        const struct provide *p = &ix->provides.items[i];
        ix->first[p->name + 1]++;
        ix->versioned[p->name] += p->version.len > 0;
    }
    add_up(ix->first, names);
    memcpy(at, ix->first, names * sizeof *at);
    for (size_t i = 0; i < ix->provides.count; i++)
        ix->by_name[at[ix->provides.items[i].name]++] = (uint32_t)i;
}

static void link_triggers(struct index *ix, uint32_t *at)
{
    size_t names = ix->list.count;
    for (size_t i = 0; i < ix->triggers.count; i++)
        ix->first_trigger[ix->triggers.items[i].name + 1]++;
    add_up(ix->first_trigger, names);
    memcpy(at, ix->first_trigger, names * sizeof *at);
    for (size_t i = 0; i < ix->triggers.count; i++)
        ix->triggered[at[ix->triggers.items[i].name]++] = ix->triggers.items[i].package;
}

void index_link(struct index *ix)
{
    size_t names = ix->list.count;
    uint32_t *at = memory_zalloc(memory_product(names + 1, sizeof *at));
    ix->first = arena_array(&ix->arena, names + 1, sizeof *ix->first);
    ix->versioned = arena_array(&ix->arena, names + 1, sizeof *ix->versioned);
    ix->first_trigger = arena_array(&ix->arena, names + 1, sizeof *ix->first_trigger);
    ix->by_name = arena_array(&ix->arena, ix->provides.count + 1, sizeof *ix->by_name);
    ix->triggered = arena_array(&ix->arena, ix->triggers.count + 1, sizeof *ix->triggered);
    link_provides(ix, at);
    link_triggers(ix, at);
    free(at);
}

size_t index_count(const struct index *ix)
{
    return ix->packages.count;
}

const struct package *index_package(const struct index *ix, uint32_t package)
{
    return &ix->packages.items[package];
}

const struct repository *index_repository(const struct index *ix, uint32_t repository)
{
    return &ix->repositories.items[repository];
}

uint32_t index_find(const struct index *ix, struct slice name, struct slice version)
{
    uint32_t number = index_known_name(ix, name);
    if (number == INDEX_NONE)
        return INDEX_NONE;
    for (uint32_t i = ix->first[number]; i < ix->first[number + 1]; i++) {
        uint32_t package = ix->provides.items[ix->by_name[i]].package;
        const struct package *p = &ix->packages.items[package];
        if (slice_equal(p->name, name) && slice_equal(p->version, version))
            return package;
    }
    return INDEX_NONE;
}

bool index_has(const struct index *ix, struct slice name)
{
    uint32_t number = index_known_name(ix, name);
    if (number == INDEX_NONE)
        return false;
    for (uint32_t i = ix->first[number]; i < ix->first[number + 1]; i++) {
        uint32_t package = ix->provides.items[ix->by_name[i]].package;
        if (slice_equal(ix->packages.items[package].name, name) && !index_withdrawn(ix, package))
            return true;
    }
    return false;
}
