/* What an image would consist of now. */
#include "watcher/due_parts.h"
#include "watcher/rebuild/resolve.h"
#include "watcher/versions/dependency.h"

#include <string.h>

void due_task_fail(const struct due_task *t, const struct error *e)
{
    if (due_failed(t->image))
        return;
    t->image->error = *e;
    error_context(&t->image->error, "%s", t->arch);
    due_fail(t->image);
}

static void add_recipe(struct due *d, struct due_image *m, const struct due_recipe *recipe)
{
    for (size_t i = 0; recipe && i < m->recipes.count; i++)
        if (m->recipes.items[i] == recipe)
            return;
    if (recipe)
        vec_push(&d->arena, &m->recipes, recipe);
}

/* An index always tells a checksum; a recipe of this repository cannot. */
static bool is_built_here(const struct package *p)
{
    return p->checksum.len == 0;
}

static bool is_provided(const struct package *p, struct slice name)
{
    struct slice rest = p->provides, word;
    while (slice_split(&rest, ' ', &word)) {
        size_t equal = slice_find_byte(word, '=');
        if (slice_equal(equal == SLICE_NONE ? word : slice_first(word, equal), name))
            return true;
    }
    return false;
}

static bool is_wanted(const struct apko_list *world, const struct package *p)
{
    for (size_t i = 0; i < world->list.count; i++) {
        struct dependency wanted;
        if (dependency_parse(slice_of(world->list.items[i]), &wanted) && !wanted.conflict &&
            (slice_equal(p->name, wanted.name) || is_provided(p, wanted.name)))
            return true;
    }
    return false;
}

static void take_package(struct due *d, const struct due_task *t, const struct index *ix,
                         const struct package *p, struct image_set *set)
{
    struct arena *a = &d->arena;
    struct image_package *out = vec_add(a, &set->packages);
    out->name = arena_text(a, p->name);
    out->version = arena_text(a, p->version);
    out->origin = p->origin.len ? arena_text(a, p->origin) : NULL;
    if (t->image->build && is_wanted(&t->image->image.packages, p))
        vec_push(a, &t->image->wanted, out->name);
    if (is_built_here(p)) {
        add_recipe(d, t->image, due_builder(d, p->name));
        return;
    }
    out->checksum = arena_text(a, p->checksum);
    out->url = arena_printf(a, "%s/%s/%s-%s.apk", index_repository(ix, p->repository)->url, t->arch,
                            out->name, out->version);
}

static bool is_built_only_here(const struct index *ix, const struct due_recipe *recipe,
                               struct slice name)
{
    for (size_t i = 0; i < recipe->needs.built.count; i++) {
        const struct built *b = &recipe->needs.built.items[i];
        if (!slice_is(name, b->name))
            continue;
        uint32_t found = index_find(ix, name, slice_of(b->version));
        return found != INDEX_NONE && is_built_here(index_package(ix, found));
    }
    return false;
}

/* What a recipe needs that only this repository has is built with it. */
static void add_needed(struct due *d, struct due_image *m, const struct index *ix)
{
    for (size_t i = 0; i < m->recipes.count; i++) {
        const struct needs *needs = &m->recipes.items[i]->needs;
        for (size_t k = 0; k < needs->list.count; k++) {
            struct dependency dependency;
            if (!dependency_parse(slice_of(needs->list.items[k].text), &dependency))
                continue;
            const struct due_recipe *recipe = due_builder(d, dependency.name);
            if (recipe && is_built_only_here(ix, recipe, dependency.name))
                add_recipe(d, m, recipe);
        }
    }
}

static bool is_in(const struct index *ix, const struct resolution *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (slice_is(index_package(ix, r->packages[i].package)->name, name))
            return true;
    return false;
}

static bool has_local(const struct index *ix, const struct resolution *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (is_built_here(index_package(ix, r->packages[i].package)))
            return true;
    return false;
}

static const struct image_set *last_set(const struct due_image *m, const char *arch)
{
    for (size_t i = 0; i < m->then.sets.count; i++)
        if (strcmp(m->then.sets.items[i].arch, arch) == 0)
            return &m->then.sets.items[i];
    return NULL;
}

/* Builds find out by themselves which libraries a package of this repository needs, and its recipe
 * does not say: what the image had besides counts as wanted, so that its moves are seen. Where that
 * cannot be, it is no longer needed. */
static void resolve_found(const struct due_task *t, const struct index *ix, struct arena *a,
                          struct resolution *r)
{
    const struct image_set *last = last_set(t->image, t->arch);
    const struct apko_list *world = &t->image->image.packages;
    struct resolution wider;
    struct error e = {0};
    if (!last || !has_local(ix, r))
        return;
    size_t count = world->list.count, given = count;
    const char **names = arena_array(a, count + last->packages.count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = world->list.items[i];
    for (size_t i = 0; i < last->packages.count; i++) {
        const char *name = last->packages.items[i].name;
        if (index_has(ix, slice_of(name)) && !is_in(ix, r, name))
            names[count++] = name;
    }
    if (count > given && resolve(ix, a, &(struct world){names, count, NULL}, &wider, &e))
        *r = wider;
}

/* Only what is there for all architectures is taken for any, as apko does; but where one index is
 * so far behind that nothing would be left, each is told for itself. */
static bool resolve_world(struct index *ix, struct arena *a, const struct due_image *m,
                          struct resolution *out, struct error *e)
{
    struct error shared = {0};
    struct world world = {m->image.packages.list.items, m->image.packages.list.count,
                          m->build ? "the recipe" : "the image"};
    if (resolve(ix, a, &world, out, &shared))
        return true;
    index_readmit(ix, true);
    bool good = resolve(ix, a, &world, out, e);
    index_readmit(ix, false);
    return good;
}

void due_task_resolve(struct due *d, const struct due_task *t, struct index *ix)
{
    struct arena a = {0};
    struct resolution r;
    struct error e = {0};
    if (!resolve_world(ix, &a, t->image, &r, &e)) {
        due_task_fail(t, &e);
    } else {
        resolve_found(t, ix, &a, &r);
        struct image_set *set = state_set(&d->arena, &t->image->now, t->arch);
        for (size_t i = 0; i < r.count; i++)
            take_package(d, t, ix, index_package(ix, r.packages[i].package), set);
        add_needed(d, t->image, ix);
    }
    arena_free(&a);
}
