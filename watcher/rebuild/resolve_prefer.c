/* Which of several candidates. Each rule keeps those that are best by it, so that what is left does
 * not depend on the order in which they are looked at, though not every two can be compared: a
 * provide without a version is neither above nor below one that has one. */
#include "watcher/rebuild/resolve_parts.h"
#include "watcher/versions/apko.h"

/* The candidates that are left: provides, by number. */
struct field {
    struct solver *s;
    uint32_t *items;
    size_t count;
    struct slice prefer;
    bool by_world; /* the world wants it, and origins do not count */
};

static const struct provide *provide(const struct field *f, size_t i)
{
    return &f->s->ix->provides.items[f->items[i]];
}

static const struct package *package(const struct field *f, size_t i)
{
    return package_at(f->s, provide(f, i)->package);
}

typedef bool quality(const struct field *f, size_t i);

/* If some have it, keep those. */
static void keep(struct field *f, quality *has)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (!has(f, i))
            continue;
        uint32_t item = f->items[i];
        f->items[i] = f->items[kept];
        f->items[kept++] = item;
    }
    *f->s->steps += f->count;
    if (kept)
        f->count = kept;
}

typedef int ordering(const struct field *f, size_t a, size_t b);

/* Keep those that nothing is above. */
static void keep_highest(struct field *f, ordering *compare)
{
    size_t best = 0, kept = 0;
    for (size_t i = 1; i < f->count; i++)
        if (compare(f, i, best) > 0)
            best = i;
    uint32_t highest = f->items[best];
    f->items[best] = f->items[0];
    f->items[0] = highest;
    for (size_t i = 0; i < f->count; i++)
        if (compare(f, i, 0) == 0) {
            uint32_t item = f->items[i];
            f->items[i] = f->items[kept];
            f->items[kept++] = item;
        }
    *f->s->steps += f->count;
    f->count = kept;
}

static bool is_chosen(const struct field *f, size_t i)
{
    return f->s->chosen[provide(f, i)->package];
}

static bool is_of_origin(const struct field *f, size_t i)
{
    const struct package *p = package(f, i);
    uint32_t there = p->origin_name == INDEX_NONE ? 0 : f->s->origin[p->origin_name];
    return there && slice_equal(package_at(f->s, there - 1)->version, p->version);
}

static bool is_preferred(const struct field *f, size_t i)
{
    return slice_is(f->prefer, f->s->ix->repositories.items[package(f, i)->repository].tag);
}

/* Below the highest version of the wanted name that there is? Those without a version stay. */
static void keep_latest_of_name(struct field *f)
{
    size_t kept = 0;
    struct slice highest = {0};
    for (size_t i = 0; i < f->count; i++) {
        struct slice version = provide(f, i)->version;
        if (version.len && (highest.len == 0 || apko_order(version, highest) > 0))
            highest = version;
    }
    for (size_t i = 0; i < f->count; i++) {
        struct slice version = provide(f, i)->version;
        if (version.len == 0 || apko_order(version, highest) == 0)
            f->items[kept++] = f->items[i];
    }
    *f->s->steps += f->count;
    f->count = kept;
}

/* Of packages of the same name those of the highest version, whatever their priority. */
static void keep_latest_of_each(struct field *f)
{
    size_t kept = 0;
    uint32_t *latest = f->s->latest;
    for (size_t i = 0; i < f->count; i++) {
        uint32_t *best = &latest[own_name(f->s, provide(f, i)->package)];
        if (*best == 0 ||
            apko_order(package(f, i)->version, package_at(f->s, *best - 1)->version) > 0)
            *best = provide(f, i)->package + 1;
    }
    for (size_t i = 0; i < f->count; i++) {
        uint32_t best = latest[own_name(f->s, provide(f, i)->package)];
        uint32_t item = f->items[i];
        if (apko_order(package(f, i)->version, package_at(f->s, best - 1)->version) != 0)
            continue;
        f->items[i] = f->items[kept];
        f->items[kept++] = item;
    }
    for (size_t i = 0; i < f->count; i++)
        latest[own_name(f->s, provide(f, i)->package)] = 0;
    *f->s->steps += f->count;
    f->count = kept;
}

static int by_priority(const struct field *f, size_t a, size_t b)
{
    unsigned long long left = package(f, a)->priority, right = package(f, b)->priority;
    return (left > right) - (left < right);
}

static int by_version(const struct field *f, size_t a, size_t b)
{
    return apko_order(package(f, a)->version, package(f, b)->version);
}

static int by_name(const struct field *f, size_t a, size_t b)
{
    return slice_compare(package(f, b)->name, package(f, a)->name);
}

static int by_repository(const struct field *f, size_t a, size_t b)
{
    uint32_t left = package(f, a)->repository, right = package(f, b)->repository;
    return (left < right) - (left > right);
}

/* What is left is the same package twice in one repository: the later build, then anything that
 * does not depend on the order in the index. */
static int by_build(const struct field *f, size_t a, size_t b)
{
    const struct package *left = package(f, a), *right = package(f, b);
    if (left->build_time != right->build_time)
        return left->build_time > right->build_time ? 1 : -1;
    int order = slice_compare(left->version, right->version);
    return order ? order : slice_compare(left->checksum, right->checksum);
}

static uint32_t best(struct field *f)
{
    static ordering *const orders[] = {by_priority, by_version, by_name, by_repository, by_build};
    if (f->count == 0)
        return INDEX_NONE;
    keep(f, is_chosen);
    if (!f->by_world)
        keep(f, is_of_origin);
    keep(f, is_preferred);
    keep_latest_of_name(f);
    keep_latest_of_each(f);
    for (size_t i = 0; i < sizeof orders / sizeof *orders && f->count > 1; i++)
        keep_highest(f, orders[i]);
    return provide(f, 0)->package;
}

uint32_t prefer_best(struct solver *s, const struct want *w, struct slice pin)
{
    s->scratch.count = 0;
    if (w->name == INDEX_NONE)
        return INDEX_NONE;
    for (uint32_t i = s->ix->first[w->name]; i < s->ix->first[w->name + 1]; i++)
        if (rule_is_candidate(s, w, provide_at(s, i), pin))
            vec_push(&s->a, &s->scratch, s->ix->by_name[i]);
    *s->steps += s->ix->first[w->name + 1] - s->ix->first[w->name];
    struct field f = {s, s->scratch.items, s->scratch.count, w->d.pin, w->by == RESOLVED_BY_WORLD};
    return best(&f);
}

uint32_t prefer_package(struct solver *s, const uint32_t *packages, size_t count)
{
    s->scratch.count = 0;
    for (size_t i = 0; i < count; i++)
        vec_push(&s->a, &s->scratch, package_at(s, packages[i])->first_provide);
    struct field f = {s, s->scratch.items, s->scratch.count, SLICE(""), false};
    return best(&f);
}
