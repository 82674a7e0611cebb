/* Which objects a push must send. libgit2's own choice walks history to its roots, which a shallow
 * clone does not have; what is needed here is mostly one commit over a base that the remote has. */
#include "git/pack.h"

struct packing {
    struct repository *r;
    git_packbuilder *pack;
    const struct oid_set *theirs;
    struct arena arena;
    struct oid_set seen;
    struct oid_list open; /* commits still to be put in */
};

static bool insert(struct packing *p, const git_oid *id, const char *name, struct error *e)
{
    return git_packbuilder_insert(p->pack, id, name) == 0 ||
           git_fail(e, ERROR_SYSTEM, "object %s cannot be sent", oid_of(id).hex);
}

static bool add_tree(struct packing *p, const git_oid *id, git_tree *before, struct error *e);

/* The folder that was there under this name, NULL when there was none. */
static git_tree *folder_before(struct packing *p, const git_tree_entry *old)
{
    git_tree *tree = NULL;
    if (old && git_tree_entry_type(old) == GIT_OBJECT_TREE &&
        git_tree_lookup(&tree, p->r->own, git_tree_entry_id(old)) != 0)
        tree = NULL;
    return tree;
}

static bool add_entry(struct packing *p, const git_tree_entry *entry, git_tree *before,
                      struct error *e)
{
    const char *name = git_tree_entry_name(entry);
    const git_oid *id = git_tree_entry_id(entry);
    const git_tree_entry *old = before ? git_tree_entry_byname(before, name) : NULL;
    if (old && git_oid_equal(git_tree_entry_id(old), id))
        return true;
    if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        return !oid_set_add(&p->seen, id) || insert(p, id, name, e);
    if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
        return true; /* a submodule's commit lives elsewhere */
    git_tree *folder = folder_before(p, old);
    bool good = add_tree(p, id, folder, e);
    git_tree_free(folder);
    return good;
}

/* Seen under another name it was put in whole or stands in a tree of theirs. */
static bool add_tree(struct packing *p, const git_oid *id, git_tree *before, struct error *e)
{
    git_tree *tree = NULL;
    if (!oid_set_add(&p->seen, id))
        return true;
    if (git_tree_lookup(&tree, p->r->own, id) != 0)
        return git_fail(e, ERROR_SYSTEM, "tree %s cannot be read", oid_of(id).hex);
    bool good = insert(p, id, NULL, e);
    for (size_t i = 0; good && i < git_tree_entrycount(tree); i++)
        good = add_entry(p, git_tree_entry_byindex(tree, i), before, e);
    git_tree_free(tree);
    return good;
}

static git_tree *parent_tree(git_commit *commit)
{
    git_commit *parent = NULL;
    git_tree *tree = NULL;
    if (git_commit_parentcount(commit) && git_commit_parent(&parent, commit, 0) == 0 &&
        git_commit_tree(&tree, parent) != 0)
        tree = NULL;
    git_commit_free(parent);
    return tree;
}

static bool add_commit(struct packing *p, const git_oid *id, struct error *e)
{
    git_commit *commit = NULL;
    if (git_commit_lookup(&commit, p->r->own, id) != 0)
        return error_set(e, ERROR_CONFLICT,
                         "commit %s is neither here nor among the remote's branches any more: the "
                         "next run starts from what is there",
                         oid_of(id).hex);
    git_tree *before = parent_tree(commit);
    bool good = insert(p, id, NULL, e) && add_tree(p, git_commit_tree_id(commit), before, e);
    for (unsigned i = 0; good && i < git_commit_parentcount(commit); i++) {
        const git_oid *parent = git_commit_parent_id(commit, i);
        if (!oid_set_has(p->theirs, parent) && oid_set_add(&p->seen, parent))
            vec_push(&p->arena, &p->open, *parent);
    }
    git_tree_free(before);
    git_commit_free(commit);
    return good;
}

bool pack_commits(struct repository *r, git_packbuilder *pack, const git_oid *to,
                  const struct oid_set *theirs, struct error *e)
{
    struct packing p = {.r = r, .pack = pack, .theirs = theirs};
    bool good = true;
    p.seen.arena = &p.arena;
    if (!oid_set_has(theirs, to))
        vec_push(&p.arena, &p.open, *to);
    while (good && p.open.count) {
        git_oid id = p.open.items[--p.open.count];
        good = add_commit(&p, &id, e);
    }
    arena_free(&p.arena);
    return good;
}
