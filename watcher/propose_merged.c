/* Branches whose pull request was merged. GitHub deletes them where the repository is set so; where
 * it is not, they go with the next run. */
#include "watcher/propose_parts.h"

#include <string.h>

static bool is_used(const struct proposer *p, const struct results *results, const char *branch)
{
    for (size_t i = 0; i < p->pulls.list.count; i++)
        if (p->pulls.list.items[i].branch && strcmp(p->pulls.list.items[i].branch, branch) == 0)
            return true;
    for (size_t i = 0; i < results->count; i++) {
        const struct change_set *set = results->items[i]->changes;
        if (set && set->branch && strcmp(set->branch, branch) == 0)
            return true;
    }
    return false;
}

/* The merged pull request of ours that the branch is still as it was for; NULL when there is none:
 * somebody went on with the branch, or it was somebody else's. */
static const struct proposal *merged_of(struct proposer *p, const struct proposals *all,
                                        const struct oid *tip)
{
    for (size_t i = 0; i < all->list.count; i++) {
        struct marker marker;
        const struct proposal *one = &all->list.items[i];
        if (one->state == PROPOSAL_MERGED && one->branch && !one->outsider && one->head &&
            strcmp(one->head, tip->hex) == 0 && marker_read(&p->arena, one->body, &marker))
            return one;
    }
    return NULL;
}

static bool tidy(struct proposer *p, const char *branch, struct error *e)
{
    struct oid tip = repository_branch_tip(p->repository, branch);
    struct proposals all = {0};
    if (!p->forge->pulls_of(p->session, &p->arena, branch, &all, e))
        return false;
    const struct proposal *merged = merged_of(p, &all, &tip);
    if (!merged)
        return true;
    log_info(p->ctx, "deleting branch %s: #%llu is merged", branch, merged->number);
    return repository_delete(p->repository, branch, &tip, e);
}

void propose_merged(struct proposer *p, const struct results *results)
{
    struct texts names = {0};
    for (const char *const *b = repository_branches(p->repository); *b; b++)
        if (!is_used(p, results, *b))
            vec_push(&p->arena, &names, arena_copy(&p->arena, *b));
    for (size_t i = 0; i < names.count; i++) {
        struct error e = {0};
        if (!tidy(p, names.items[i], &e))
            log_warning(p->ctx, "branch %s stays: %s", names.items[i], e.message);
    }
}
