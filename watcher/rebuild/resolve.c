#include "watcher/rebuild/resolve.h"

#include "watcher/rebuild/resolve_parts.h"

#include <stdlib.h>

/* How often resolution may begin anew; each time costs as much as the first. */
enum { ATTEMPTS = 1024 };

static void begin(struct solver *s, const struct index *ix, struct error *e, size_t *steps)
{
    size_t packages = ix->packages.count + 1, names = ix->list.count + 1;
    *s = (struct solver){.ix = ix, .e = e, .steps = steps};
    s->fates = arena_array(&s->a, packages, sizeof *s->fates);
    s->by = arena_array(&s->a, packages, sizeof *s->by);
    s->chosen = arena_array(&s->a, packages, sizeof *s->chosen);
    s->visited = arena_array(&s->a, packages, sizeof *s->visited);
    s->listed = arena_array(&s->a, packages, sizeof *s->listed);
    s->out = arena_array(&s->a, names, sizeof *s->out);
    s->out_versioned = arena_array(&s->a, names, sizeof *s->out_versioned);
    s->holder = arena_array(&s->a, names, sizeof *s->holder);
    s->latest = arena_array(&s->a, names, sizeof *s->latest);
    s->origin = arena_array(&s->a, names, sizeof *s->origin);
}

/* What is not there for every architecture is there for none. */
static void put_out_withdrawn(struct solver *s)
{
    for (uint32_t i = 0; s->ix->withdrawn && i < s->ix->packages.count; i++) {
        const char *arch = index_withdrawn(s->ix, i);
        if (arch)
            rule_withdraw(s, i, slice_of(arch));
    }
}

static void end(struct solver *s)
{
    names_free(&s->applied);
    arena_free(&s->a);
}

/* What was found late goes first. */
static void apply_late(struct solver *s, const struct late *late, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct want w;
        if (!want_make(s, late[i].text, late[i].by, &w))
            continue;
        if (late[i].pin.len) {
            struct admitted admitted = {w.name, late[i].pin};
            vec_push(&s->a, &s->admitted, admitted);
        }
        if (late[i].of == INDEX_NONE)
            rule_apply(s, &w);
        else
            rule_apply_to(s, &w, late[i].of);
    }
}

/* Choose the packages that the world names, before any of their dependencies. */
static bool choose_world(struct solver *s, struct wants wants)
{
    for (size_t i = 0; i < wants.count; i++) {
        rule_apply(s, &wants.items[i]);
        wants.items[i].done = wants.items[i].done || wants.items[i].d.conflict;
    }
    struct wants rest = wants;
    for (struct want *next; (next = walk_next(s, &rest, SLICE("")));) {
        uint32_t package = prefer_best(s, next, SLICE(""));
        next->done = true;
        if (package == INDEX_NONE)
            return explain(s, next);
        if (!s->chosen[package])
            rule_choose(s, package, RESOLVED_BY_WORLD);
    }
    return true;
}

/* In the order of their spelling, as apko writes the world down. */
static bool walk_world(struct solver *s, struct wants wants)
{
    for (size_t i = 0; i < wants.count; i++) {
        const struct want *w = &wants.items[i];
        uint32_t package = w->d.conflict ? INDEX_NONE : rule_satisfied_by(s, w);
        if (package != INDEX_NONE && !walk(s, package, w->d.pin))
            return false;
    }
    return walk_install_if(s);
}

static bool attempt(struct solver *s, struct slice world, const struct late *late, size_t count)
{
    struct wants wants;
    if (!want_list(s, world, RESOLVED_BY_WORLD, &wants))
        return error_set(s->e, ERROR_RECIPE, "\"%.*s\" is no dependency that can be read",
                         SLICE_ARG(wants.items->text));
    put_out_withdrawn(s);
    apply_late(s, late, count);
    return choose_world(s, wants) && walk_world(s, wants);
}

static void hand_over(const struct solver *s, struct arena *a, struct resolution *out)
{
    struct resolved *packages = arena_array(a, s->result.count + 1, sizeof *packages);
    for (size_t i = 0; i < s->result.count; i++)
        packages[i] = s->result.items[i];
    out->packages = packages;
    out->count = s->result.count;
}

/* One text, as packages write their dependencies; an entry with a blank in it stays one that cannot
 * be read. */
static struct slice world_text(struct arena *a, const char *const *world, size_t count)
{
    struct buf text = {0};
    for (size_t i = 0; i < count; i++) {
        struct slice entry = slice_trim(slice_of(world[i]));
        for (size_t k = 0; k < entry.len; k++)
            buf_add_byte(&text, is_blank(entry.ptr[k]) ? '\t' : entry.ptr[k]);
        buf_add_byte(&text, ' ');
    }
    struct slice kept = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    return kept;
}

bool resolve(const struct index *ix, struct arena *a, const struct world *world,
             struct resolution *out, struct error *e)
{
    struct late late[ATTEMPTS];
    struct slice text = world_text(a, world->entries, world->count);
    *out = (struct resolution){0};
    for (size_t attempts = 0; attempts < ATTEMPTS; attempts++) {
        struct solver s;
        begin(&s, ix, e, &out->steps);
        s.world = world->of ? world->of : "the image";
        bool good = attempt(&s, text, late, attempts);
        bool again = !good && s.is_late && !error_is_set(e);
        if (good)
            hand_over(&s, a, out);
        late[attempts] = s.late;
        end(&s);
        if (!again)
            return good;
    }
    return error_set(e, ERROR_RECIPE,
                     "no set of packages was found in %d attempts: the last excluded %.*s",
                     ATTEMPTS, SLICE_ARG(late[ATTEMPTS - 1].text));
}
