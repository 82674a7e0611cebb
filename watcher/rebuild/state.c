#include "watcher/rebuild/state.h"

#include "watcher/base/buf.h"
#include "watcher/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Containers' names (GOARCH), as apko maps them (pkg/build/types/architecture.go). */
static const char *const other_names[][2] = {
    {"amd64", "x86_64"},  {"arm64", "aarch64"},       {"386", "x86"},     {"i386", "x86"},
    {"arm/v6", "armhf"},  {"arm/v7", "armv7"},        {"armv6", "armhf"}, {"arm64/v8", "aarch64"},
    {"x86-64", "x86_64"}, {"loong64", "loongarch64"},
};

struct slice state_arch(struct slice arch)
{
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (slice_is(arch, other_names[i][0]))
            return slice_of(other_names[i][1]);
    return arch;
}

struct image_set *state_set(struct arena *a, struct image_state *s, const char *arch)
{
    for (size_t i = 0; i < s->sets.count; i++)
        if (strcmp(s->sets.items[i].arch, arch) == 0)
            return &s->sets.items[i];
    struct image_set *set = vec_add(a, &s->sets);
    set->arch = arena_copy(a, arch);
    return set;
}

static int by_arch(const void *a, const void *b)
{
    const struct image_set *x = a, *y = b;
    return strcmp(x->arch, y->arch);
}

/* The index keeps packages of one name in their order. */
struct sorted {
    struct image_package package;
    size_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = strcmp(x->package.name, y->package.name);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void sort_set(struct image_set *set)
{
    struct arena a = {0};
    size_t count = set->packages.count, kept = 0;
    struct sorted *all = arena_array(&a, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct sorted){set->packages.items[i], i};
    qsort(all, count, sizeof *all, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(set->packages.items[kept - 1].name, all[i].package.name) != 0)
            set->packages.items[kept++] = all[i].package;
    set->packages.count = kept;
    arena_free(&a);
}

void state_sort(struct image_state *s)
{
    if (s->sets.count)
        qsort(s->sets.items, s->sets.count, sizeof *s->sets.items, by_arch);
    for (size_t i = 0; i < s->sets.count; i++)
        sort_set(&s->sets.items[i]);
}

const char *state_digest(struct arena *a, const struct image_state *s)
{
    struct hash_result result;
    struct buf text = {0};
    for (size_t i = 0; i < s->sets.count; i++) {
        const struct image_set *set = &s->sets.items[i];
        buf_addf(&text, "%s\n", set->arch);
        for (size_t k = 0; k < set->packages.count; k++) {
            const struct image_package *p = &set->packages.items[k];
            buf_addf(&text, "%s %s %s\n", p->name, p->version, p->checksum ? p->checksum : "-");
        }
    }
    hash_bytes(buf_slice(&text), &result);
    buf_free(&text);
    return arena_copy(a, result.sha256);
}

/* Two sets walked side by side. */
struct comparison {
    struct arena *a;
    struct arena own; /* of what is not handed out */
    struct state_changes *out;
    VEC(struct found {
        struct state_change change;
        size_t arch; /* its number */
    })
    found;
    VEC(const char *) archs;
};

static const struct image_set empty;

static void add_change(struct comparison *c, enum state_change_kind kind,
                       const struct image_package *from, const struct image_package *to)
{
    struct found *f = vec_add(&c->own, &c->found);
    f->change = (struct state_change){kind, arena_copy(c->a, from ? from->name : to->name),
                                      from ? arena_copy(c->a, from->version) : NULL,
                                      to ? arena_copy(c->a, to->version) : NULL, NULL};
    f->arch = c->archs.count - 1;
}

static void compare_package(struct comparison *c, const struct image_package *from,
                            const struct image_package *to)
{
    if (strcmp(from->version, to->version) != 0)
        add_change(c, STATE_MOVED, from, to);
    else if (from->checksum && to->checksum && strcmp(from->checksum, to->checksum) != 0)
        add_change(c, STATE_REBUILT, from, to);
}

static void compare_sets(struct comparison *c, const char *arch, const struct image_set *then,
                         const struct image_set *now)
{
    size_t i = 0, k = 0;
    vec_push(&c->own, &c->archs, arch);
    while (i < then->packages.count || k < now->packages.count) {
        const struct image_package *from = &then->packages.items[i], *to = &now->packages.items[k];
        int order = i == then->packages.count  ? 1
                    : k == now->packages.count ? -1
                                               : strcmp(from->name, to->name);
        if (order < 0)
            add_change(c, STATE_REMOVED, from, NULL);
        else if (order > 0)
            add_change(c, STATE_ADDED, NULL, to);
        else
            compare_package(c, from, to);
        i += order <= 0;
        k += order >= 0;
    }
}

static void compare_states(struct comparison *c, const struct image_state *then,
                           const struct image_state *now)
{
    size_t i = 0, k = 0;
    while (i < then->sets.count || k < now->sets.count) {
        int order = i == then->sets.count  ? 1
                    : k == now->sets.count ? -1
                                           : by_arch(&then->sets.items[i], &now->sets.items[k]);
        compare_sets(c, order > 0 ? now->sets.items[k].arch : then->sets.items[i].arch,
                     order > 0 ? &empty : &then->sets.items[i],
                     order < 0 ? &empty : &now->sets.items[k]);
        i += order <= 0;
        k += order >= 0;
    }
}

static int compare_texts(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

/* Alike but for the architecture. */
static int compare_changes(const struct state_change *x, const struct state_change *y)
{
    int order = strcmp(x->name, y->name);
    order = order ? order : (int)x->kind - (int)y->kind;
    order = order ? order : compare_texts(x->from, y->from);
    return order ? order : compare_texts(x->to, y->to);
}

static int by_change(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = compare_changes(&x->change, &y->change);
    return order ? order : (x->arch > y->arch) - (x->arch < y->arch);
}

static void count(struct state_changes *out, enum state_change_kind kind)
{
    out->added += kind == STATE_ADDED;
    out->removed += kind == STATE_REMOVED;
    out->moved += kind == STATE_MOVED;
    out->rebuilt += kind == STATE_REBUILT;
}

/* One change out of `count` that differ by architecture alone. */
static void fold(struct comparison *c, const struct found *first, size_t alike)
{
    struct state_change *change = vec_add(c->a, &c->out->list);
    struct buf archs = {0};
    *change = first->change;
    for (size_t i = 0; i < alike; i++)
        buf_addf(&archs, "%s%s", i ? ", " : "", c->archs.items[first[i].arch]);
    if (alike < c->archs.count)
        change->archs = arena_text(c->a, buf_slice(&archs));
    count(c->out, change->kind);
    buf_free(&archs);
}

void state_difference(struct arena *a, const struct image_state *then,
                      const struct image_state *now, struct state_changes *out)
{
    struct comparison c = {.a = a, .out = out};
    *out = (struct state_changes){0};
    compare_states(&c, then, now);
    if (c.found.count)
        qsort(c.found.items, c.found.count, sizeof *c.found.items, by_change);
    for (size_t i = 0, next; i < c.found.count; i = next) {
        for (next = i + 1; next < c.found.count; next++)
            if (compare_changes(&c.found.items[i].change, &c.found.items[next].change) != 0)
                break;
        fold(&c, &c.found.items[i], next - i);
    }
    arena_free(&c.own);
}
