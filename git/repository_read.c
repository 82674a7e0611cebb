/* What stands in a commit, and how a branch and the base part. */
#include "git/oid_set.h"
#include "git/repository_parts.h"

#include <string.h>

enum { MOST_COMMITS = 250 };

static bool read_blob(struct repository *r, const git_tree_entry *entry, const char *path,
                      struct buf *out, struct error *e)
{
    git_blob *blob = NULL;
    if (git_blob_lookup(&blob, r->own, git_tree_entry_id(entry)) != 0)
        return git_fail(e, ERROR_SYSTEM, "%s: cannot be read from the repository", path);
    struct slice bytes = slice_new(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    bool good = buf_add(out, bytes) || error_set(e, ERROR_SYSTEM, "%s: too large", path);
    git_blob_free(blob);
    return good;
}

static bool read_entry(struct repository *r, git_tree *tree, const char *path, struct buf *out,
                       struct error *e)
{
    git_tree_entry *entry = NULL;
    bool good = false;
    int status = git_tree_entry_bypath(&entry, tree, path);
    if (status != 0 && status != GIT_ENOTFOUND)
        git_fail(e, ERROR_SYSTEM, "%s: cannot be read from the repository", path);
    else if (status == 0 && git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
        error_set(e, ERROR_CONFLICT, "%s: a symbolic link is there, not a file", path);
    else if (status == 0 && git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        good = read_blob(r, entry, path, out, e);
    git_tree_entry_free(entry);
    return good;
}

bool repository_read(struct repository *r, const struct oid *commit, const char *path,
                     struct buf *out, struct error *e)
{
    git_oid id;
    git_commit *from = NULL;
    git_tree *tree = NULL;
    bool good = false;
    buf_clear(out);
    if (!oid_parse(commit, &id, e))
        return false;
    if (git_commit_lookup(&from, r->own, &id) != 0 || git_commit_tree(&tree, from) != 0)
        git_fail(e, ERROR_SYSTEM, "commit %s cannot be read", commit->hex);
    else
        good = *path && read_entry(r, tree, path, out, e);
    git_tree_free(tree);
    git_commit_free(from);
    return good;
}

/* Where the base was when the user last fetched: of a cut history it need not hang together with
 * what was fetched now. */
static void add_tracked(struct repository *r, struct arena *a, struct oid_list *open)
{
    git_reference_iterator *all = NULL;
    const char *name;
    git_oid id;
    const char *glob = arena_printf(a, "refs/remotes/*/%s", r->base);
    if (git_reference_iterator_glob_new(&all, r->user, glob) == 0)
        while (git_reference_next_name(&name, all) == 0)
            if (git_reference_name_to_id(&id, r->user, name) == 0)
                vec_push(a, open, id);
    git_reference_iterator_free(all);
}

/* All that is here of the base's history. Only where it is cut, and so short: the library's own
 * walk goes no further than it must, but ends in an error where a parent is missing. */
static const struct oid_set *base_history(struct repository *r)
{
    struct oid_list open = {0};
    if (r->base_history)
        return r->base_history;
    r->base_history = arena_new(&r->fetched, struct oid_set);
    r->base_history->arena = &r->fetched;
    vec_push(&r->fetched, &open, r->base_tip);
    add_tracked(r, &r->fetched, &open);
    while (open.count) {
        git_oid id = open.items[--open.count];
        git_commit *commit = NULL;
        if (git_commit_lookup(&commit, r->own, &id) == 0 && oid_set_add(r->base_history, &id))
            for (unsigned i = 0; i < git_commit_parentcount(commit); i++)
                vec_push(&r->fetched, &open, *git_commit_parent_id(commit, i));
        git_commit_free(commit);
    }
    return r->base_history;
}

struct commit_ids {
    struct oid_list list; /* newest first */
    git_oid fork;         /* zero = not known */
};

static bool has_all_parents(git_odb *odb, git_commit *commit)
{
    for (unsigned i = 0; i < git_commit_parentcount(commit); i++)
        if (!git_odb_exists(odb, git_commit_parent_id(commit, i)))
            return false;
    return true;
}

/* First parents only: a merge of the base into the branch is one commit of the branch. */
static void walk_cut(struct repository *r, struct arena *a, const git_oid *tip,
                     struct commit_ids *out)
{
    const struct oid_set *base = base_history(r);
    git_odb *odb = NULL;
    git_oid id = *tip;
    git_commit *commit = NULL;
    if (git_repository_odb(&odb, r->own) != 0)
        return;
    while (out->list.count < MOST_COMMITS && git_commit_lookup(&commit, r->own, &id) == 0) {
        bool in_base = oid_set_has(base, &id);
        if (in_base)
            out->fork = id;
        if (in_base || (out->list.count && !has_all_parents(odb, commit)))
            break;
        vec_push(a, &out->list, id);
        if (!git_commit_parentcount(commit))
            break;
        id = *git_commit_parent_id(commit, 0);
        git_commit_free(commit);
        commit = NULL;
    }
    git_commit_free(commit);
    git_odb_free(odb);
}

static int walk_whole(struct repository *r, struct arena *a, const git_oid *tip,
                      struct commit_ids *out)
{
    git_revwalk *walk = NULL;
    git_oid id;
    int status = git_revwalk_new(&walk, r->own);
    if (status == 0) {
        git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
        status = git_revwalk_push(walk, tip);
    }
    if (status == 0)
        status = git_revwalk_hide(walk, &r->base_tip);
    while (status == 0 && out->list.count < MOST_COMMITS) {
        status = git_revwalk_next(&id, walk);
        if (status == 0)
            vec_push(a, &out->list, id);
    }
    git_revwalk_free(walk);
    if (status != 0 && status != GIT_ITEROVER)
        return status;
    status = git_merge_base(&out->fork, r->own, tip, &r->base_tip);
    return status == GIT_ENOTFOUND ? 0 : status;
}

static bool find_commits(struct repository *r, struct arena *a, const git_oid *tip,
                         struct commit_ids *out, struct error *e)
{
    if (repository_is_cut(r)) {
        walk_cut(r, a, tip, out);
        return true;
    }
    return walk_whole(r, a, tip, out) == 0 ||
           git_fail(e, ERROR_SYSTEM, "the history of %s cannot be read", oid_of(tip).hex);
}

static bool describe(struct repository *r, struct arena *a, const git_oid *id,
                     struct branch_commit *out, struct error *e)
{
    git_commit *commit = NULL;
    if (git_commit_lookup(&commit, r->own, id) != 0)
        return git_fail(e, ERROR_SYSTEM, "commit %s cannot be read", oid_of(id).hex);
    out->oid = oid_of(id);
    if (git_commit_parentcount(commit))
        out->parent = oid_of(git_commit_parent_id(commit, 0));
    out->author_email = arena_copy(a, git_commit_author(commit)->email);
    out->committer_email = arena_copy(a, git_commit_committer(commit)->email);
    out->message = arena_copy(a, git_commit_message(commit));
    out->time = git_commit_time(commit);
    git_commit_free(commit);
    return true;
}

bool repository_log(struct repository *r, struct arena *a, const char *branch,
                    struct branch_commits *out, struct error *e)
{
    struct commit_ids ids = {0};
    git_oid tip;
    struct oid hex = repository_branch_tip(r, branch);
    memset(out, 0, sizeof *out);
    if (!hex.hex[0])
        return error_set(e, ERROR_USAGE, "the remote has no branch \"%s\"", branch);
    if (!oid_parse(&hex, &tip, e) || !find_commits(r, a, &tip, &ids, e))
        return false;
    out->fork = oid_of(&ids.fork);
    for (size_t i = 0; i < ids.list.count; i++)
        if (!describe(r, a, &ids.list.items[i], vec_add(a, &out->list), e))
            return false;
    return true;
}

/* Where history is cut before the fork, the parent that was fetched along stands in for it. */
static bool find_ancestor(struct repository *r, const struct commit_ids *ids, git_oid *out)
{
    git_commit *oldest = NULL;
    *out = ids->fork;
    if (!git_oid_is_zero(out) || !ids->list.count)
        return !git_oid_is_zero(out);
    if (git_commit_lookup(&oldest, r->own, &ids->list.items[ids->list.count - 1]) == 0 &&
        git_commit_parentcount(oldest))
        *out = *git_commit_parent_id(oldest, 0);
    git_commit_free(oldest);
    return !git_oid_is_zero(out);
}

static git_tree *tree_of(struct repository *r, const git_oid *id)
{
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    if (git_commit_lookup(&commit, r->own, id) == 0 && git_commit_tree(&tree, commit) != 0)
        tree = NULL;
    git_commit_free(commit);
    return tree;
}

static bool merge_trees(struct repository *r, const git_oid *ancestor, const git_oid *tip,
                        bool *merges, struct error *e)
{
    git_merge_options options = {.version = GIT_MERGE_OPTIONS_VERSION,
                                 .flags = GIT_MERGE_FIND_RENAMES};
    git_tree *from = tree_of(r, ancestor), *ours = tree_of(r, &r->base_tip),
             *theirs = tree_of(r, tip);
    git_index *index = NULL;
    int status = 0;
    if (from && ours && theirs)
        status = git_merge_trees(&index, r->own, from, ours, theirs, &options);
    if (status == 0 && index)
        *merges = !git_index_has_conflicts(index);
    git_index_free(index);
    git_tree_free(from);
    git_tree_free(ours);
    git_tree_free(theirs);
    return status == 0 || git_fail(e, ERROR_SYSTEM, "cannot try a merge");
}

bool repository_merges(struct repository *r, const struct oid *tip, bool *merges, struct error *e)
{
    struct arena a = {0};
    struct commit_ids ids = {0};
    git_oid id, ancestor;
    *merges = false;
    bool good = oid_parse(tip, &id, e) && find_commits(r, &a, &id, &ids, e);
    if (good && find_ancestor(r, &ids, &ancestor))
        good = merge_trees(r, &ancestor, &id, merges, e);
    arena_free(&a);
    return good;
}
