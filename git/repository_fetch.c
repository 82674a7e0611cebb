/* The remote's base and our branches there: listed, and fetched where they are not here yet. */
#include "git/fetch.h"
#include "git/oid_set.h"

#include "watcher/base/text.h"

#include <string.h>

#define HEADS "refs/heads/"

/* What HEAD points to; servers too old to tell give it by the commit alone. */
static const char *default_branch(struct connection *c)
{
    git_buf name = {0};
    const char *base = NULL;
    if (git_remote_default_branch(&name, c->remote) == 0 &&
        slice_starts(slice_of(name.ptr), SLICE(HEADS)))
        base = arena_copy(&c->r->arena, name.ptr + strlen(HEADS));
    git_buf_dispose(&name);
    return base;
}

static bool find_base(struct connection *c, struct error *e)
{
    struct repository *r = c->r;
    if (!r->base)
        r->base = default_branch(c);
    if (!r->base)
        return error_set(e, ERROR_USAGE,
                         "%s does not say which branch is its default: name the base",
                         r->public_url);
    const git_oid *tip = connection_find(c, arena_printf(&r->fetched, HEADS "%s", r->base));
    if (!tip)
        return error_set(e, ERROR_USAGE, "%s has no branch \"%s\"", r->public_url, r->base);
    r->base_tip = *tip;
    return true;
}

/* A server could name anything; what is no name for a branch is not ours. */
static bool is_branch(const char *ref, const char *prefix)
{
    int valid = 0;
    return slice_starts(slice_of(ref), SLICE(HEADS)) &&
           slice_starts(slice_of(ref + strlen(HEADS)), slice_of(prefix)) &&
           git_reference_name_is_valid(&valid, ref) == 0 && valid && text_is_visible(slice_of(ref));
}

static void list_branches(struct connection *c, const char *prefix)
{
    struct repository *r = c->r;
    for (size_t i = 0; i < c->head_count; i++) {
        const git_remote_head *head = c->heads[i];
        if (!is_branch(head->name, prefix) || git_oid_is_zero(&head->oid))
            continue;
        struct branch *b = vec_add(&r->fetched, &r->branches);
        b->name = arena_copy(&r->fetched, head->name + strlen(HEADS));
        b->tip = head->oid;
    }
    r->names = arena_array(&r->fetched, r->branches.count + 1, sizeof *r->names);
    for (size_t i = 0; i < r->branches.count; i++)
        r->names[i] = r->branches.items[i].name;
}

static bool fetch_missing(struct connection *c, struct error *e)
{
    struct repository *r = c->r;
    struct arena a = {0};
    struct oid_set wanted = {.arena = &a};
    struct oid_list list = {0};
    git_odb *odb = NULL;
    if (git_repository_odb(&odb, r->own) != 0)
        return git_fail(e, ERROR_SYSTEM, "cannot open the objects");
    if (!git_odb_exists(odb, &r->base_tip) && oid_set_add(&wanted, &r->base_tip))
        vec_push(&a, &list, r->base_tip);
    for (size_t i = 0; i < r->branches.count; i++)
        if (!git_odb_exists(odb, &r->branches.items[i].tip) &&
            oid_set_add(&wanted, &r->branches.items[i].tip))
            vec_push(&a, &list, r->branches.items[i].tip);
    git_odb_free(odb);
    bool good = !list.count || fetch_commits(c, list.items, list.count, e);
    arena_free(&a);
    return good;
}

static void forget(struct repository *r)
{
    arena_free(&r->fetched);
    memset(&r->branches, 0, sizeof r->branches);
    memset(&r->base_tip, 0, sizeof r->base_tip);
    r->names = NULL;
    r->base_history = NULL;
}

bool repository_fetch(struct repository *r, const char *prefix, struct error *e)
{
    struct connection c;
    forget(r);
    bool good = connection_open(&c, r, SERVICE_FETCH, e) && find_base(&c, e);
    if (good) {
        list_branches(&c, prefix);
        good = fetch_missing(&c, e);
    }
    connection_close(&c);
    if (!good)
        forget(r);
    return good;
}
