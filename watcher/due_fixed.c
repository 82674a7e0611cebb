/* What the packages that moved have fixed. */
#include "watcher/advisories.h"
#include "watcher/due_parts.h"

#include <string.h>

/* Fixes are told of the recipe that a package was built by. */
static const char *origin_of(const struct due_image *m, const char *name)
{
    for (size_t i = 0; i < m->now.sets.count; i++) {
        const struct image_set *set = &m->now.sets.items[i];
        for (size_t k = 0; k < set->packages.count; k++)
            if (strcmp(set->packages.items[k].name, name) == 0 && set->packages.items[k].origin)
                return set->packages.items[k].origin;
    }
    return name;
}

typedef void fixed_visit(void *arg, struct due_image *m, size_t change);

/* Every package that moved, in every image. */
static void each_move(const struct due *d, fixed_visit *visit, void *arg)
{
    for (size_t i = 0; i < d->images.count; i++)
        for (size_t k = 0; k < d->images.items[i]->changes.list.count; k++)
            if (d->images.items[i]->changes.list.items[k].kind == STATE_MOVED)
                visit(arg, d->images.items[i], k);
}

/* ---- the distribution's own database ---- */

struct lookup {
    struct due *d;
    const struct secdb *db;
};

static void look_up(void *arg, struct due_image *m, size_t change)
{
    const struct lookup *l = arg;
    const struct state_change *c = &m->changes.list.items[change];
    secdb_find(l->db, &l->d->arena, origin_of(m, c->name), c->from, c->to, &m->fixed[change]);
}

static bool load(struct due *d, const char *url, struct secdb *db, struct error *e)
{
    struct arena a = {0};
    struct request request = {.url = url};
    struct response response;
    bool good = http_fetch(d->http, &a, &request, &response, NULL, e);
    if (good && response.status != 200)
        good = error_set(e, ERROR_UPSTREAM, "the server answered %d", response.status);
    good = good && secdb_add(db, response.body, e);
    arena_free(&a);
    return good;
}

static void warn(struct due *d, const char *who, const char *why)
{
    vec_push(&d->arena, &d->warnings,
             arena_printf(&d->arena, "what was fixed is not known: %s: %s", who, why));
}

static void ask_secdb(struct due *d, const char *url)
{
    struct lookup l = {d, NULL};
    struct secdb *db = secdb_new();
    struct error e = {0};
    l.db = db;
    if (load(d, url, db, &e))
        each_move(d, look_up, &l);
    else
        warn(d, url, e.message);
    secdb_free(db);
}

/* ---- OSV ---- */

/* Two questions a move: what is known against the old version, and against the new one. */
struct asking {
    struct due *d;
    const char *ecosystem;
    struct osv_query *queries;
    struct osv_answer *answers;
    size_t count;
    const char *unknown;
};

static void put_questions(void *arg, struct due_image *m, size_t change)
{
    struct asking *a = arg;
    const struct state_change *c = &m->changes.list.items[change];
    struct osv_query q = {.ecosystem = a->ecosystem, .name = origin_of(m, c->name)};
    q.version = c->from;
    a->queries[a->count++] = q;
    q.version = c->to;
    a->queries[a->count++] = q;
}

static bool is_told(const struct secdb_fixed *fixed, const char *id)
{
    for (size_t i = 0; i < fixed->ids.count; i++)
        if (strcmp(fixed->ids.items[i], id) == 0)
            return true;
    return false;
}

static void take_answers(void *arg, struct due_image *m, size_t change)
{
    struct asking *a = arg;
    const struct osv_answer *before = &a->answers[a->count++], *after = &a->answers[a->count++];
    if (before->unknown || after->unknown)
        a->unknown = before->unknown ? before->unknown : after->unknown;
    for (size_t i = 0; !before->unknown && !after->unknown && i < before->ids.count; i++)
        if (!advisories_have(after, before->ids.items[i]) &&
            !is_told(&m->fixed[change], before->ids.items[i]))
            vec_push(&a->d->arena, &m->fixed[change].ids, before->ids.items[i]);
}

static void ask_osv(struct due *d, const char *ecosystem, size_t moves)
{
    struct asking a = {.d = d, .ecosystem = ecosystem};
    a.queries = arena_array(&d->arena, 2 * moves, sizeof *a.queries);
    a.answers = arena_array(&d->arena, 2 * moves, sizeof *a.answers);
    each_move(d, put_questions, &a);
    advisories_ask(d->http, &d->arena, a.queries, a.answers, a.count);
    a.count = 0;
    each_move(d, take_answers, &a);
    if (a.unknown)
        warn(d, OSV_SERVER, a.unknown);
}

void due_fixed(struct due *d)
{
    const char *secdb = config_rebuild_secdb(d->config, &d->arena);
    const char *osv = config_rebuild_osv(d->config, &d->arena);
    size_t moved = 0;
    for (size_t i = 0; i < d->images.count; i++)
        moved += d->images.items[i]->changes.moved;
    if ((!secdb && !osv) || moved == 0)
        return;
    for (size_t i = 0; i < d->images.count; i++) {
        struct due_image *m = d->images.items[i];
        m->fixed = arena_array(&d->arena, m->changes.list.count + 1, sizeof *m->fixed);
    }
    if (secdb)
        ask_secdb(d, secdb);
    if (osv)
        ask_osv(d, osv, moved);
}
