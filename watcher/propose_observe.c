/* Reading the repository: what the base branch and a proposal's own branch hold. */
#include "watcher/propose_parts.h"

#include "watcher/base/file.h"

enum { LARGEST_FILE = 16 * 1024 * 1024 };

static const char *path_of(struct proposer *p, struct arena *a, const char *file)
{
    return arena_printf(a, "%s%s", repository_prefix(p->repository), file);
}

/* A file that is not there counts as empty. */
static bool holds(struct proposer *p, struct arena *a, const struct oid *commit, const char *file,
                  struct slice wanted, bool *same, struct error *e)
{
    struct buf found = BUF_MAX(LARGEST_FILE);
    repository_read(p->repository, commit, path_of(p, a, file), &found, e);
    *same = slice_equal(buf_slice(&found), wanted);
    buf_free(&found);
    return !error_is_set(e);
}

bool observe_base(struct proposer *p, struct arena *a, const struct change_set *set,
                  enum base_state *state, const char **file, struct error *e)
{
    bool before = true, after = true, same;
    for (size_t i = 0; i < set->files.count; i++) {
        const struct file_change *f = &set->files.items[i];
        if (!holds(p, a, &p->base_tip, f->file, f->before, &same, e))
            return false;
        if (before && !same)
            *file = f->file;
        before = before && same;
        if (!holds(p, a, &p->base_tip, f->file, f->after, &same, e))
            return false;
        after = after && same;
    }
    *state = after ? BASE_HAS_IT : before ? BASE_AS_HERE : BASE_DIFFERS;
    return true;
}

/* Is it the one commit that is wanted, and nothing in the base's way? */
static bool is_ready(struct proposer *p, struct arena *a, const struct branch_commits *commits,
                     const struct change_set *set, bool *ready, struct error *e)
{
    const struct branch_commit *tip = commits->list.count == 1 ? commits->list.items : NULL;
    const char *digest = change_digest(a, set);
    *ready = tip && slice_is(commit_trailer(tip->message, "Mwatch-Change"), digest);
    for (size_t i = 0; *ready && i < set->files.count; i++)
        if (!holds(p, a, &tip->oid, set->files.items[i].file, set->files.items[i].after, ready, e))
            return false;
    return !*ready || repository_merges(p->repository, &tip->oid, ready, e);
}

bool observe_branch(struct proposer *p, struct arena *a, const char *branch, const char *component,
                    const struct change_set *set, enum branch_state *state, const char **stranger,
                    struct error *e)
{
    struct oid tip = repository_branch_tip(p->repository, branch);
    struct branch_commits commits = {0};
    bool ready = false;
    *state = BRANCH_NONE;
    if (!*tip.hex)
        return true;
    if (!repository_log(p->repository, a, branch, &commits, e))
        return false;
    for (size_t i = 0; i < commits.list.count; i++) {
        const struct branch_commit *c = &commits.list.items[i];
        if (commit_is_ours(c, component, p->committer, p->config->through_api))
            continue;
        *stranger = c->author_email;
        *state = BRANCH_FOREIGN;
        return true;
    }
    if (set && !is_ready(p, a, &commits, set, &ready, e))
        return false;
    *state = ready ? BRANCH_READY : BRANCH_OURS;
    return true;
}

bool observe_recipe(struct proposer *p, const struct component *c, bool *same, struct error *e)
{
    struct buf path = {0}, here = BUF_MAX(LARGEST_FILE), there = BUF_MAX(LARGEST_FILE);
    const char *name = arena_printf(&p->arena, "%s%s", repository_prefix(p->repository), c->file);
    path_join(&path, slice_of(p->root), slice_of(c->file));
    bool good = file_read(buf_text(&path), &here, e);
    bool found = good && repository_read(p->repository, &p->base_tip, name, &there, e);
    *same = found && slice_equal(buf_slice(&here), buf_slice(&there));
    buf_free(&path);
    buf_free(&here);
    buf_free(&there);
    return !error_is_set(e);
}
