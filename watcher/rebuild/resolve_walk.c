/* From a package to all it needs, children first. */
#include "watcher/rebuild/resolve_parts.h"

/* A package whose dependencies are being dealt with. */
struct frame {
    uint32_t package;
    struct wants wants;
};

/* The way down to where we are; an index may have chains that no stack would hold. */
struct path {
    VEC(struct frame) frames;
};

/* Those that are done at the front need not be looked at again. */
static void trim(struct wants *wants)
{
    while (wants->count && wants->items->done) {
        wants->items++;
        wants->count--;
    }
}

struct want *walk_next(struct solver *s, struct wants *wants, struct slice pin)
{
    struct want *next = NULL;
    size_t fewest = SIZE_MAX;
    trim(wants);
    for (size_t i = 0; i < wants->count; i++) {
        struct want *w = &wants->items[i];
        if (w->done)
            continue;
        size_t count = rule_candidates(s, w, pin);
        if (count < fewest) {
            fewest = count;
            next = w;
        }
        if (fewest <= 1 || wants->many)
            break;
    }
    return next;
}

static bool unreadable(struct solver *s, const struct want *w)
{
    const struct package *p = package_at(s, w->by);
    return error_set(s->e, ERROR_RECIPE,
                     "%.*s-%.*s depends on \"%.*s\", which is no dependency that can be read",
                     SLICE_ARG(p->name), SLICE_ARG(p->version), SLICE_ARG(w->text));
}

static bool enter(struct solver *s, struct path *path, uint32_t package)
{
    struct wants wants;
    s->visited[package] = true;
    if (!want_list(s, package_at(s, package)->depends, package, &wants))
        return unreadable(s, wants.items);
    for (size_t i = 0; i < wants.count; i++) {
        struct want *w = &wants.items[i];
        rule_apply(s, w);
        w->done = w->done || w->d.conflict;
    }
    *s->steps += wants.count;
    struct frame frame = {package, wants};
    vec_push(&s->a, &path->frames, frame);
    return !s->is_late;
}

static void list(struct solver *s, uint32_t package)
{
    struct resolved done = {package, s->by[package]};
    if (!s->listed[package])
        vec_push(&s->a, &s->result, done);
    s->listed[package] = true;
}

static bool has_name(const struct solver *s, uint32_t package, uint32_t name)
{
    const struct package *p = package_at(s, package);
    for (uint32_t i = 0; i < p->provide_count; i++)
        if (s->ix->provides.items[p->first_provide + i].name == name)
            return true;
    return false;
}

/* Who leads to a need of what it provides itself comes after those it needs, but not where it
 * provides that without a version: there apko does not see the ring. */
static void list_ring(struct solver *s, const struct want *w, uint32_t holder)
{
    const struct provide *p = &s->ix->provides.items[s->holder[w->name] - 1];
    if (s->visited[holder] && p->version.len == 0)
        list(s, holder);
}

/* What has been chosen already is not to be chosen again: the first such package that is still to
 * be visited, and INDEX_NONE when none is. */
static uint32_t drop_satisfied(struct solver *s, struct wants *wants)
{
    trim(wants);
    for (size_t i = 0; i < wants->count; i++) {
        struct want *w = &wants->items[i];
        uint32_t holder = w->done ? INDEX_NONE : rule_satisfied_by(s, w);
        if (holder == INDEX_NONE && !w->done && wants->many)
            break;
        if (holder == INDEX_NONE)
            continue;
        w->done = true;
        if (!s->visited[holder])
            return holder;
        if (!has_name(s, w->by, w->name))
            list_ring(s, w, holder);
    }
    return INDEX_NONE;
}

/* The next package to go into, chosen; INDEX_NONE when the frame is done or there is an error. */
static uint32_t descend(struct solver *s, struct frame *f, struct slice pin)
{
    uint32_t package = drop_satisfied(s, &f->wants);
    if (package != INDEX_NONE)
        return package;
    struct want *next = walk_next(s, &f->wants, pin);
    if (!next)
        return INDEX_NONE;
    package = prefer_best(s, next, pin);
    if (package == INDEX_NONE) {
        if (next->name == INDEX_NONE || !rule_is_behind(s, next))
            explain(s, next);
        return INDEX_NONE;
    }
    next->done = true;
    rule_choose(s, package, f->package);
    return package;
}

bool walk(struct solver *s, uint32_t package, struct slice pin)
{
    struct path path = {0};
    s->pin = pin;
    if (s->visited[package])
        return true;
    if (!enter(s, &path, package))
        return false;
    while (path.frames.count) {
        struct frame *top = &path.frames.items[path.frames.count - 1];
        uint32_t child = descend(s, top, pin);
        if (error_is_set(s->e) || s->is_late)
            return false;
        if (child != INDEX_NONE) {
            if (!enter(s, &path, child))
                return false;
            continue;
        }
        list(s, top->package);
        path.frames.count--;
    }
    return true;
}

/* Is a package of the wanted name there? In install_if apko looks for no more than names
 * (pkg/apk/apk/repo_filter_test.go), where apk takes what provides them, too. */
static bool is_there(struct solver *s, const struct want *w)
{
    uint32_t package = rule_satisfied_by(s, w);
    return package != INDEX_NONE &&
           (w->d.conflict || slice_equal(package_at(s, package)->name, w->d.name));
}

/* Is all there that the package's install_if lists? */
static bool is_due(struct solver *s, uint32_t package)
{
    const struct package *p = package_at(s, package);
    bool tagged = *s->ix->repositories.items[p->repository].tag != '\0';
    struct wants wants;
    if (s->chosen[package] || s->fates[package].reason || tagged ||
        !want_list(s, p->install_if, package, &wants))
        return false;
    for (size_t i = 0; i < wants.count; i++) {
        const struct want *w = &wants.items[i];
        if (is_there(s, w) == w->d.conflict)
            return false;
    }
    return true;
}

/* It comes along of itself, so it stays away where something that it needs is not to be had. */
static bool is_possible(struct solver *s, uint32_t package)
{
    struct wants wants;
    if (!want_list(s, package_at(s, package)->depends, package, &wants))
        return false;
    for (size_t i = 0; i < wants.count; i++) {
        const struct want *w = &wants.items[i];
        bool there = rule_satisfied_by(s, w) != INDEX_NONE;
        if (w->d.conflict ? there
                          : !there && prefer_best(s, w, SLICE("")) == INDEX_NONE &&
                                !has_name(s, package, w->name))
            return false;
    }
    return true;
}

struct due {
    VEC(uint32_t) packages;
};

/* Those that the packages of the result from `from` on have made due. */
static void find_due(struct solver *s, size_t from, struct due *due)
{
    for (; from < s->result.count; from++) {
        const struct package *p = package_at(s, s->result.items[from].package);
        for (uint32_t i = 0; i < p->provide_count; i++) {
            uint32_t name = s->ix->provides.items[p->first_provide + i].name;
            uint32_t end = s->ix->first_trigger[name + 1];
            for (uint32_t t = s->ix->first_trigger[name]; t < end; t++) {
                ++*s->steps;
                if (is_due(s, s->ix->triggered[t]) && is_possible(s, s->ix->triggered[t]))
                    vec_push(&s->a, &due->packages, s->ix->triggered[t]);
            }
        }
    }
}

bool walk_install_if(struct solver *s)
{
    size_t from = 0;
    while (from < s->result.count) {
        struct due due = {0};
        size_t next = s->result.count;
        find_due(s, from, &due);
        from = next;
        while (due.packages.count) {
            uint32_t package = prefer_package(s, due.packages.items, due.packages.count);
            size_t kept = 0;
            rule_choose(s, package, RESOLVED_BY_INSTALL_IF);
            if (!walk(s, package, SLICE("")))
                return false;
            for (size_t i = 0; i < due.packages.count; i++)
                if (is_due(s, due.packages.items[i]) && is_possible(s, due.packages.items[i]))
                    due.packages.items[kept++] = due.packages.items[i];
            due.packages.count = kept;
        }
    }
    return true;
}
