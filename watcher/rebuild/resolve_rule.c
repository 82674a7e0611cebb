/* What excludes what. */
#include "watcher/rebuild/resolve_parts.h"

#include <stdlib.h>
#include <string.h>

bool want_make(struct solver *s, struct slice text, uint32_t by, struct want *out)
{
    *out = (struct want){.text = slice_trim(text), .by = by, .name = INDEX_NONE};
    if (!dependency_parse(text, &out->d))
        return false;
    out->name = index_known_name(s->ix, out->d.name);
    if (out->d.relations & RELATION_EQUAL)
        out->d.version = index_soname_version(&s->a, out->d.name, out->d.version);
    return true;
}

static int by_text(const void *left, const void *right)
{
    const struct want *a = left, *b = right;
    return slice_compare(a->text, b->text);
}

/* By spelling, so that no order matters; what comes twice is done with. */
static void sort_wants(struct wants *wants)
{
    if (wants->count)
        qsort(wants->items, wants->count, sizeof *wants->items, by_text);
    for (size_t i = 1; i < wants->count; i++)
        wants->items[i].done = slice_equal(wants->items[i].text, wants->items[i - 1].text);
}

bool want_list(struct solver *s, struct slice list, uint32_t by, struct wants *out)
{
    VEC(struct want) wants = {0};
    struct slice word;
    struct want *bad = NULL;
    *out = (struct wants){0};
    while (slice_split(&list, ' ', &word)) {
        struct want w;
        if (word.len == 0)
            continue;
        if (want_make(s, word, by, &w)) {
            vec_push(&s->a, &wants, w);
        } else if (!bad || slice_compare(w.text, bad->text) < 0) {
            bad = arena_new(&s->a, struct want);
            *bad = w;
        }
    }
    if (bad)
        *out = (struct wants){bad, 1, false};
    else
        *out = (struct wants){wants.items, wants.count, wants.count > MANY_WANTS};
    sort_wants(out);
    return !bad;
}

static void put_out(struct solver *s, uint32_t package, struct fate fate)
{
    const struct package *p = package_at(s, package);
    if (s->fates[package].reason)
        return;
    s->fates[package] = fate;
    for (uint32_t i = 0; i < p->provide_count; i++) {
        const struct provide *provide = &s->ix->provides.items[p->first_provide + i];
        s->out[provide->name]++;
        s->out_versioned[provide->name] += provide->version.len > 0;
    }
    *s->steps += p->provide_count;
    if (s->chosen[package] && !s->is_late) {
        s->is_late = true;
        s->late = (struct late){fate.text, fate.by, INDEX_NONE, s->pin};
    }
}

void rule_withdraw(struct solver *s, uint32_t package, struct slice arch)
{
    put_out(s, package, (struct fate){arch, RESOLVED_BY_WORLD, REASON_ARCH});
}

/* Is the entry of the name the package's own name, not a provide? */
static bool is_own(const struct solver *s, uint32_t i)
{
    return s->ix->by_name[i] == package_at(s, provide_at(s, i)->package)->first_provide;
}

static bool conflicts(const struct want *w, const struct solver *s, uint32_t i, uint32_t end)
{
    uint32_t package = provide_at(s, i)->package;
    for (; i < end && provide_at(s, i)->package == package; i++)
        if (dependency_satisfied(&w->d, provide_at(s, i)->version))
            return true;
    return false;
}

/* Does the want leave a package alone that has the provides from `i` on of that name? A package of
 * the name itself is judged by its own version; any other must provide no version that is wrong. */
static bool leaves(const struct want *w, const struct solver *s, uint32_t i, uint32_t end)
{
    uint32_t package = provide_at(s, i)->package;
    if (w->d.conflict)
        return !conflicts(w, s, i, end);
    if (is_own(s, i))
        return dependency_satisfied(&w->d, provide_at(s, i)->version);
    for (; i < end && provide_at(s, i)->package == package; i++) {
        struct slice version = provide_at(s, i)->version;
        /* A provide without a version satisfies no such want, but is nobody's wrong version. */
        if (version.len && !dependency_satisfied(&w->d, version))
            return false;
    }
    return true;
}

/* What a package provides itself it need not get from anybody, and what it conflicts with it may
 * be; but if it needs another version of itself, it cannot be there. */
static bool is_exempt(const struct want *w, const struct solver *s, uint32_t i)
{
    return provide_at(s, i)->package == w->by && (w->d.conflict || !is_own(s, i));
}

void rule_apply(struct solver *s, const struct want *w)
{
    bool exempt = false;
    if (w->name == INDEX_NONE || (!w->d.conflict && w->d.relations == 0) ||
        names_find(&s->applied, w->text))
        return;
    uint32_t i = s->ix->first[w->name], end = s->ix->first[w->name + 1];
    while (i < end) {
        uint32_t package = provide_at(s, i)->package;
        bool mine = is_exempt(w, s, i);
        exempt = exempt || mine;
        if (!mine && !leaves(w, s, i, end))
            put_out(s, package, (struct fate){w->text, w->by, REASON_WANT});
        for (; i < end && provide_at(s, i)->package == package; i++)
            ++*s->steps;
    }
    /* Some wants come hundreds of times, and once is enough. */
    if (!exempt)
        *names_slot(&s->applied, w->text) = s;
}

/* Two packages cannot have the same name when one of them gives it a version. */
static void put_out_beside(struct solver *s, const struct provide *mine)
{
    const struct index *ix = s->ix;
    uint32_t name = mine->name, from = ix->first[name], end = ix->first[name + 1];
    bool versioned = mine->version.len > 0;
    bool all_out =
        versioned ? end - from - s->out[name] <= 1 : ix->versioned[name] == s->out_versioned[name];
    struct fate fate = {ix->list.items[name], mine->package, REASON_BESIDE};
    for (uint32_t i = from; i < end && !all_out; i++) {
        const struct provide *other = provide_at(s, i);
        ++*s->steps;
        if (other->package != mine->package && (versioned || other->version.len))
            put_out(s, other->package, fate);
    }
}

void rule_choose(struct solver *s, uint32_t package, uint32_t by)
{
    const struct package *p = package_at(s, package);
    s->chosen[package] = true;
    s->by[package] = by;
    if (p->origin_name != INDEX_NONE)
        s->origin[p->origin_name] = package + 1;
    for (uint32_t i = 0; i < p->provide_count; i++) {
        const struct provide *mine = &s->ix->provides.items[p->first_provide + i];
        if (s->holder[mine->name] == 0 || mine->version.len)
            s->holder[mine->name] = p->first_provide + i + 1;
        put_out_beside(s, mine);
    }
}

/* Does the package satisfy the want by any of its provides? It may have the name several times. */
static bool satisfies(struct solver *s, uint32_t package, const struct want *w)
{
    const struct package *p = package_at(s, package);
    for (uint32_t i = 0; i < p->provide_count; i++) {
        const struct provide *mine = &s->ix->provides.items[p->first_provide + i];
        ++*s->steps;
        if (mine->name == w->name && dependency_satisfied(&w->d, mine->version))
            return true;
    }
    return false;
}

void rule_apply_to(struct solver *s, const struct want *w, uint32_t name)
{
    for (uint32_t i = s->ix->first[name]; i < s->ix->first[name + 1]; i++)
        if (is_own(s, i) && !satisfies(s, provide_at(s, i)->package, w))
            put_out(s, provide_at(s, i)->package, (struct fate){w->text, w->by, REASON_WANT});
}

/* Is `package` what led to the want? */
static bool led_to(const struct solver *s, const struct want *w, uint32_t package)
{
    uint32_t by = w->by;
    while (by < s->ix->packages.count && by != package)
        by = s->by[by];
    return by == package;
}

/* libfoo 2 is chosen, and so:libfoo.so.1 is wanted, which libfoo 1 alone has: the first such name
 * by spelling. */
bool rule_is_behind(struct solver *s, const struct want *w)
{
    uint32_t found = INDEX_NONE;
    for (uint32_t i = s->ix->first[w->name]; i < s->ix->first[w->name + 1]; i++) {
        const struct provide *p = provide_at(s, i);
        const struct fate *fate = &s->fates[p->package];
        uint32_t name = own_name(s, p->package);
        if (fate->reason != REASON_BESIDE || name != own_name(s, fate->by) ||
            !dependency_satisfied(&w->d, p->version) || led_to(s, w, fate->by))
            continue;
        if (found == INDEX_NONE ||
            slice_compare(s->ix->list.items[name], s->ix->list.items[found]) < 0)
            found = name;
    }
    if (found == INDEX_NONE)
        return false;
    s->is_late = true;
    s->late = (struct late){w->text, w->by, found, s->pin};
    return true;
}

uint32_t rule_satisfied_by(struct solver *s, const struct want *w)
{
    uint32_t holder = w->name == INDEX_NONE ? 0 : s->holder[w->name];
    ++*s->steps;
    if (holder == 0)
        return INDEX_NONE;
    const struct provide *p = &s->ix->provides.items[holder - 1];
    /* What a package provides itself it need not get from anybody, whatever the version. */
    bool good = w->d.relations == 0 || p->package == w->by ||
                dependency_satisfied(&w->d, p->version) || satisfies(s, p->package, w);
    return good ? p->package : INDEX_NONE;
}

static bool is_admitted(const struct solver *s, uint32_t name, const char *tag)
{
    for (size_t i = 0; i < s->admitted.count; i++)
        if (s->admitted.items[i].name == name && slice_is(s->admitted.items[i].pin, tag))
            return true;
    return false;
}

bool rule_is_candidate(const struct solver *s, const struct want *w, const struct provide *p,
                       struct slice pin)
{
    const struct repository *r = &s->ix->repositories.items[package_at(s, p->package)->repository];
    if (s->fates[p->package].reason || !dependency_satisfied(&w->d, p->version))
        return false;
    return !*r->tag || slice_is(w->d.pin, r->tag) || slice_is(pin, r->tag) ||
           s->chosen[p->package] || is_admitted(s, w->name, r->tag);
}

size_t rule_candidates(struct solver *s, const struct want *w, struct slice pin)
{
    size_t count = 0;
    if (w->name == INDEX_NONE)
        return 0;
    uint32_t name = w->name, from = s->ix->first[name], end = s->ix->first[name + 1];
    ++*s->steps;
    /* Versions that do not satisfy an applied want are out, so the rest need not be looked at. */
    if (!s->ix->tagged)
        return w->d.relations ? s->ix->versioned[name] - s->out_versioned[name]
                              : end - from - s->out[name];
    for (uint32_t i = from; i < end; i++)
        count += rule_is_candidate(s, w, provide_at(s, i), pin);
    *s->steps += end - from;
    return count;
}
