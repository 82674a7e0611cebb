/* Which of the discovered components this run is about. */
#include "watcher/base/file.h"
#include "watcher/base/text.h"
#include "watcher/discover.h"

#include <string.h>

static bool in_folder(struct slice file, struct slice folder)
{
    return folder.len && slice_starts(file, folder) && file.len > folder.len &&
           file.ptr[folder.len] == '/';
}

/* "./redis/" is the folder "redis", and "./" is everything. */
static struct slice plain(struct slice operand)
{
    if (operand.len == 0 || operand.ptr[0] == '/')
        return operand;
    while (slice_starts(operand, SLICE("./")))
        operand = slice_from(operand, 2);
    while (operand.len && operand.ptr[operand.len - 1] == '/')
        operand.len--;
    return operand.len ? operand : SLICE(".");
}

/* By its recipe, its recipe and component, or its file. */
static bool is_named(const struct component *c, struct slice operand)
{
    struct slice recipe = slice_of(c->recipe);
    if (slice_equal(operand, recipe) || slice_is(plain(operand), c->file))
        return true;
    return in_folder(operand, recipe) && slice_is(slice_from(operand, recipe.len + 1), c->name);
}

static bool is_below(const struct component *c, struct slice operand)
{
    return slice_is(plain(operand), ".") || in_folder(slice_of(c->file), plain(operand));
}

static bool refuse(const struct discovery *d, const char *operand, struct error *e)
{
    struct arena a = {0};
    VEC(const char *) names = {0};
    for (size_t i = 0; i < d->components.count; i++)
        vec_push(&a, &names, d->components.items[i]->recipe);
    for (size_t i = 0; i < d->components.count; i++)
        vec_push(&a, &names, d->components.items[i]->file);
    vec_push(&a, &names, NULL);
    const char *near = text_nearest(slice_of(operand), names.items);
    error_set(e, ERROR_USAGE, "%s: no recipe of this name, file or folder%s%s%s",
              *operand ? operand : "\"\"", near ? "; did you mean " : "", near ? near : "",
              near ? "?" : " (see mwatch list)");
    arena_free(&a);
    return false;
}

static void keep(struct discovery *d, const bool *wanted)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->components.count; i++) {
        if (wanted[i])
            d->components.items[kept++] = d->components.items[i];
        else
            component_free(d->components.items[i]);
    }
    d->components.count = kept;
}

static bool same_group(const struct component *c, const struct component *other)
{
    return c->group && other->group && strcmp(c->group, other->group) == 0;
}

/* What is proposed together is looked at together: whoever is not looked at would leave the
 * group's pull request when another of its members moves. */
static void add_groups(const struct discovery *d, bool *wanted)
{
    size_t count = d->components.count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; wanted[i] && k < count; k++)
            if (same_group(d->components.items[i], d->components.items[k]))
                wanted[k] = true;
}

bool discovery_select(struct discovery *d, const char *const *operands, size_t count, bool groups,
                      struct error *e)
{
    struct arena a = {0};
    bool *wanted = arena_array(&a, d->components.count + 1, sizeof *wanted);
    bool good = true;
    for (size_t k = 0; k < count && good; k++) {
        bool found = false;
        struct slice operand = slice_of(operands[k]);
        for (size_t i = 0; i < d->components.count; i++) {
            struct component *c = d->components.items[i];
            bool named = is_named(c, operand);
            if (named || is_below(c, operand))
                found = wanted[i] = true;
            c->named = c->named || named;
        }
        good = found || refuse(d, operands[k], e);
    }
    if (good && count && groups)
        add_groups(d, wanted);
    if (good && count)
        keep(d, wanted);
    arena_free(&a);
    return good;
}

/* FNV-1a: the same file lands in the same shard on every machine and in every release; a group does
 * so by the first of its files. */
static unsigned long shard_of(const char *file, unsigned count)
{
    unsigned long long hash = 14695981039346656037ULL;
    for (; *file; file++)
        hash = (hash ^ (unsigned char)*file) * 1099511628211ULL;
    return (unsigned long)(hash % count);
}

/* Of all that shares a file or a group with others: one component's index each. */
struct bundles {
    size_t *up; /* a component's, or its own */
};

static size_t bundle_of(const struct bundles *b, size_t i)
{
    while (b->up[i] != i)
        i = b->up[i] = b->up[b->up[i]];
    return i;
}

/* Components of a file are neighbours; those of a group are anywhere, but groups are few. */
static struct bundles bundles_make(struct arena *a, const struct components *all)
{
    struct bundles b = {arena_array(a, all->count + 1, sizeof *b.up)};
    VEC(size_t) groups = {0};
    for (size_t i = 0; i < all->count; i++) {
        const struct component *c = all->items[i];
        size_t g = 0;
        b.up[i] = i;
        if (i && strcmp(all->items[i - 1]->file, c->file) == 0)
            b.up[i] = bundle_of(&b, i - 1);
        while (g < groups.count && !same_group(all->items[groups.items[g]], c))
            g++;
        if (g < groups.count)
            b.up[bundle_of(&b, i)] = bundle_of(&b, groups.items[g]);
        else if (c->group)
            vec_push(a, &groups, i);
    }
    return b;
}

void discovery_shard(struct discovery *d, unsigned index, unsigned count)
{
    struct arena a = {0};
    if (count < 2)
        return;
    bool *wanted = arena_array(&a, d->components.count + 1, sizeof *wanted);
    struct bundles b = bundles_make(&a, &d->components);
    const char **keys = arena_array(&a, d->components.count + 1, sizeof *keys);
    for (size_t i = 0; i < d->components.count; i++) {
        const char **key = &keys[bundle_of(&b, i)], *file = d->components.items[i]->file;
        if (!*key || strcmp(file, *key) < 0)
            *key = file;
    }
    for (size_t i = 0; i < d->components.count; i++)
        wanted[i] = shard_of(keys[bundle_of(&b, i)], count) == index - 1;
    keep(d, wanted);
    arena_free(&a);
}

void discovery_free(struct discovery *d)
{
    components_free(&d->components);
}
