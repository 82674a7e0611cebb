/* What the recipes of the images are built with, and what of it moved. */
#include "watcher/base/glob.h"
#include "watcher/due_parts.h"
#include "watcher/versions/dependency.h"

#include <string.h>

static void add_texts(struct arena *a, const struct node *list, bool conflicts,
                      struct apko_list *out)
{
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
        struct slice text = slice_trim(list->items[i]->value);
        if (list->items[i]->kind == NODE_SCALAR && text.len &&
            (!conflicts || slice_starts(text, SLICE("!"))))
            vec_push(a, &out->list, arena_text(a, text));
    }
}

/* Needs have all packages but those that must not be there. */
void due_read_environment(struct arena *a, const struct yaml *y, struct due_recipe *out)
{
    const struct node *root = y->documents[0], *package = node_get(root, "package");
    const struct node *contents = node_get(node_get(root, "environment"), "contents");
    struct slice epoch = node_text(package, "epoch");
    out->version = arena_printf(a, "%.*s-r%.*s", SLICE_ARG(node_text(package, "version")),
                                SLICE_ARG(epoch.len ? epoch : SLICE("0")));
    add_texts(a, node_get(contents, "packages"), true, &out->environment.packages);
    add_texts(a, node_get(contents, "repositories"), false, &out->environment.repositories);
    add_texts(a, node_get(contents, "build_repositories"), false,
              &out->environment.build_repositories);
    add_texts(a, node_get(contents, "keyring"), false, &out->environment.keyring);
    add_texts(a, node_get(package, "target-architecture"), false, &out->archs);
}

static void add_wanted(struct due *d, struct due_build *b)
{
    const struct needs *needs = &b->recipe->needs;
    for (size_t i = 0; i < needs->list.count; i++)
        if (needs->list.items[i].kind == NEED_BUILD || needs->list.items[i].kind == NEED_PIPELINE)
            vec_push(&d->arena, &b->made.image.packages.list, needs->list.items[i].text);
}

static bool has_text(const char *const *items, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], text) == 0)
            return true;
    return false;
}

/* "all", as an empty list, is every one. */
static bool is_for(const struct due_recipe *recipe, const char *arch)
{
    for (size_t i = 0; i < recipe->archs.list.count; i++) {
        struct slice said = slice_of(recipe->archs.list.items[i]);
        if (slice_is(said, "all") || slice_is(state_arch(said), arch))
            return true;
    }
    return recipe->archs.list.count == 0;
}

static struct due_build *find_build(const struct due *d, const struct due_recipe *recipe)
{
    return names_find(&d->build_of, slice_of(recipe->file));
}

static void take_repositories(struct apko_image *image, const struct apko_list *repositories,
                              const struct apko_list *build_repositories,
                              const struct apko_list *keyring)
{
    if (!image->repositories.list.count && !image->build_repositories.list.count) {
        image->repositories = *repositories;
        image->build_repositories = *build_repositories;
    }
    if (!image->keyring.list.count)
        image->keyring = *keyring;
}

/* An environment of which a part is missing would be taken for one that changed. */
static void refuse_problems(struct due_image *m, const struct needs *needs)
{
    if (needs->problems.count == 0)
        return;
    error_set(&m->error, ERROR_RECIPE, "%s", needs->problems.items[0]);
    due_fail(m);
}

/* `holder` is the image that holds its packages; NULL = none does. */
static struct due_build *new_build(struct due *d, const struct due_recipe *recipe,
                                   const struct due_image *holder)
{
    static const struct apko_list none;
    struct due_build *b = arena_new(&d->arena, struct due_build);
    struct apko_image *image = &b->made.image;
    b->recipe = recipe;
    b->made.build = true;
    b->made.name = b->made.file = recipe->file;
    *image = recipe->environment;
    take_repositories(image, &d->settings.repositories, &none, &d->settings.keyring);
    if (holder)
        take_repositories(image, &holder->image.repositories, &holder->image.build_repositories,
                          &holder->image.keyring);
    add_wanted(d, b);
    refuse_problems(&b->made, &recipe->needs);
    vec_push(&d->arena, &d->builds, b);
    *names_slot(&d->build_of, slice_of(recipe->file)) = b;
    return b;
}

static void hold(struct due *d, const struct due_recipe *recipe, const struct due_image *holder)
{
    struct due_build *b = find_build(d, recipe);
    if (!b)
        b = new_build(d, recipe, holder);
    for (size_t i = 0; i < holder->archs.count; i++) {
        const char *arch = holder->archs.items[i];
        if (is_for(recipe, arch) && !has_text(b->made.archs.items, b->made.archs.count, arch))
            vec_push(&d->arena, &b->made.archs, arch);
    }
}

/* Those that are built with it, and those whose packages it takes from where they were published
 * at the recipe's version. */
static void hold_all(struct due *d, const struct due_image *m)
{
    for (size_t i = 0; i < m->recipes.count; i++)
        hold(d, m->recipes.items[i], m);
    for (size_t i = 0; i < m->now.sets.count; i++)
        for (size_t k = 0; k < m->now.sets.items[i].packages.count; k++) {
            const struct image_package *p = &m->now.sets.items[i].packages.items[k];
            const struct due_recipe *recipe = due_builder(d, slice_of(p->name));
            if (recipe && strcmp(recipe->version, p->version) == 0)
                hold(d, recipe, m);
        }
}

/* Those that no image holds. */
static void hold_others(struct due *d)
{
    for (size_t i = 0; i < d->recipes.count; i++) {
        const struct due_recipe *recipe = d->recipes.items[i];
        if (find_build(d, recipe))
            continue;
        struct apko_list archs = recipe->archs;
        if (archs.list.count && has_text(archs.list.items, archs.list.count, "all"))
            archs.list.count = 0;
        struct due_build *b = new_build(d, recipe, NULL);
        due_take_archs(d, &archs, &d->settings.archs, &b->made);
    }
}

/* The sets of architectures that the other has, too: one that comes or goes is no move. */
static struct image_state common(struct arena *a, const struct image_state *s,
                                 const struct image_state *other)
{
    struct image_state kept = {0};
    for (size_t i = 0; i < s->sets.count; i++)
        for (size_t k = 0; k < other->sets.count; k++)
            if (strcmp(s->sets.items[i].arch, other->sets.items[k].arch) == 0)
                vec_push(a, &kept.sets, s->sets.items[i]);
    return kept;
}

/* Is one recipe built with another, or with what is built with it, and so on? */
static bool needs(const struct due *d, const struct due_recipe *one, const struct due_recipe *other,
                  struct names *seen)
{
    const struct due_build *b = find_build(d, one);
    void **slot = names_slot(seen, slice_of(one->file));
    if (one == other)
        return true;
    if (*slot || !b)
        return false;
    *slot = seen;
    for (size_t i = 0; i < b->made.recipes.count; i++)
        if (needs(d, b->made.recipes.items[i], other, seen))
            return true;
    return false;
}

/* Recipes that are built with each other, round whatever corner, would raise each other for ever.
 */
static bool is_mutual(const struct due *d, const struct due_build *b, const char *package)
{
    const struct due_recipe *recipe = due_builder(d, slice_of(package));
    struct names seen = {0};
    bool mutual = recipe && needs(d, recipe, b->recipe, &seen);
    names_free(&seen);
    return mutual;
}

static bool counts(const struct due *d, const char *package)
{
    const struct apko_list *bump = &d->settings.bump;
    for (size_t i = 0; i < bump->list.count; i++)
        if (glob_matches(slice_of(bump->list.items[i]), slice_of(package)))
            return true;
    return bump->list.count == 0;
}

static void compare(struct due *d, struct due_build *b)
{
    struct due_image *m = &b->made;
    struct image_state then = common(&d->arena, &m->then, &m->now);
    struct image_state now = common(&d->arena, &m->now, &m->then);
    if (!b->known)
        return;
    state_difference(&d->arena, &then, &now, &m->changes);
    for (size_t i = 0; i < m->changes.list.count; i++) {
        const char *name = m->changes.list.items[i].name;
        if (has_text(m->wanted.items, m->wanted.count, name) && counts(d, name) &&
            !is_mutual(d, b, name))
            vec_push(&d->arena, &b->causes, i);
    }
    m->fate = b->causes.count ? DUE_REBUILD : DUE_SAME;
}

static void recall(const struct due *d, struct due_build *b)
{
    const struct record_build *last = record_find_build(d->record, b->recipe->file);
    b->known = last && strcmp(last->version, b->recipe->version) == 0;
    if (b->known)
        b->made.then = last->state;
}

void due_builds(struct due *d)
{
    if (!d->record)
        return;
    for (size_t i = 0; i < d->images.count; i++)
        if (!due_failed(d->images.items[i]))
            hold_all(d, d->images.items[i]);
    if (d->settings.repositories.list.count)
        hold_others(d);
    struct due_image **made = arena_array(&d->arena, d->builds.count + 1, sizeof *made);
    for (size_t i = 0; i < d->builds.count; i++) {
        recall(d, d->builds.items[i]);
        made[i] = &d->builds.items[i]->made;
    }
    due_resolve_images(d, made, d->builds.count);
    for (size_t i = 0; i < d->builds.count; i++)
        if (!due_failed(made[i]))
            compare(d, d->builds.items[i]);
}
