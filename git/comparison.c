#include "git/comparison.h"

#include "git/repository_parts.h"
#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_REVISION = 512, DEEPEST = 40 };

struct comparison {
    struct arena arena;
    git_repository *repository;
    const char *prefix;
    git_tree *sides[2]; /* of the directory; NULL = it is not there, or the revision is empty */
    VEC(struct changed_file) changes;
};

/* -- from words to revisions */

/* "A..B" and the like, taken apart. */
struct range {
    struct slice from, to;
    bool since_parting; /* three dots */
};

static bool read_range(struct slice text, struct range *out, struct error *e)
{
    size_t dots = slice_find(text, SLICE(".."));
    *out = (struct range){.from = slice_first(text, dots)};
    if (dots != SLICE_NONE) {
        out->since_parting = slice_starts(slice_from(text, dots), SLICE("..."));
        out->to = slice_from(text, dots + (out->since_parting ? 3 : 2));
    }
    if ((slice_empty(out->from) && slice_empty(out->to)) || text.len > LONGEST_REVISION)
        return error_set(e, ERROR_USAGE, "no revisions: OLD..NEW is expected");
    return true;
}

static bool is_empty_revision(struct slice revision)
{
    for (size_t i = 0; i < revision.len; i++)
        if (revision.ptr[i] != '0')
            return false;
    return revision.len == GIT_OID_HEXSZ || revision.len == OID_HEX;
}

static bool is_shallow(git_repository *repository)
{
    struct buf path = {0};
    git_shallow_file(repository, &path);
    bool there = access(buf_text(&path), F_OK) == 0;
    buf_free(&path);
    return there;
}

/* What to do depends on why it is not there. */
static bool fail_missing(struct comparison *c, const char *revision, int status, struct error *e)
{
    if (status == GIT_EAMBIGUOUS)
        return error_set(e, ERROR_USAGE, "%s: more than one object begins like that", revision);
    if (is_shallow(c->repository))
        return error_set(e, ERROR_USAGE,
                         "%s is not in this clone, which is shallow: fetch it first (git fetch "
                         "--depth 1 origin REVISION; in a workflow, fetch-depth: 0)",
                         revision);
    if (slice_all_hex(slice_of(revision)) && strlen(revision) == GIT_OID_HEXSZ)
        return error_set(e, ERROR_USAGE,
                         "%s is not in this clone: fetch it first (git fetch origin REVISION)",
                         revision);
    return error_set(e, ERROR_USAGE, "%s is no revision of this repository", revision);
}

static bool find_commit(struct comparison *c, struct slice revision, git_commit **out,
                        struct error *e)
{
    git_object *object = NULL;
    const char *name = slice_empty(revision) ? "HEAD" : arena_text(&c->arena, revision);
    int status = git_revparse_single(&object, c->repository, name);
    if (status == 0)
        status = git_object_peel((git_object **)out, object, GIT_OBJECT_COMMIT);
    git_object_free(object);
    return status == 0 || fail_missing(c, name, status, e);
}

/* Put the commit where `from` left `to` in the place of `from`. */
static bool go_back(struct comparison *c, git_commit **from, const git_commit *to, struct error *e)
{
    git_oid base;
    int status =
        git_merge_base(&base, c->repository, git_commit_id(*from), git_commit_id((git_commit *)to));
    git_commit_free(*from);
    *from = NULL;
    if (status == 0 && git_commit_lookup(from, c->repository, &base) == 0)
        return true;
    return error_set(e, ERROR_USAGE, "the two have no common ancestor%s",
                     is_shallow(c->repository) ? " in this clone, which is shallow: fetch more of "
                                                 "its history (git fetch --unshallow; in a "
                                                 "workflow, fetch-depth: 0)"
                                               : "");
}

/* The tree of the directory; NULL when the commit has none. */
static bool find_tree(struct comparison *c, const git_commit *commit, git_tree **out,
                      struct error *e)
{
    git_tree_entry *entry = NULL;
    git_tree *root = NULL;
    size_t len = strlen(c->prefix);
    int status = git_commit_tree(&root, commit);
    if (status == 0 && len == 0) {
        *out = root;
        return true;
    }
    if (status == 0)
        status = git_tree_entry_bypath(&entry, root,
                                       arena_text(&c->arena, slice_new(c->prefix, len - 1)));
    if (status == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        status = git_tree_lookup(out, c->repository, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(root);
    return status == 0 || status == GIT_ENOTFOUND ||
           git_fail(e, ERROR_SYSTEM, "a commit's files cannot be read");
}

static bool find_sides(struct comparison *c, const struct range *range, struct error *e)
{
    git_commit *from = NULL, *to = NULL;
    bool first = is_empty_revision(range->from);
    bool good = !is_empty_revision(range->to) ||
                error_set(e, ERROR_USAGE,
                          "the new revision is zeros only: the branch is deleted, there is "
                          "nothing to build");
    good = good && find_commit(c, range->to, &to, e) &&
           (first || find_commit(c, range->from, &from, e)) &&
           (first || !range->since_parting || go_back(c, &from, to, e)) &&
           find_tree(c, to, &c->sides[SIDE_NEW], e) &&
           (first || find_tree(c, from, &c->sides[SIDE_OLD], e));
    git_commit_free(from);
    git_commit_free(to);
    return good;
}

/* -- the difference */

static bool is_link(uint16_t mode)
{
    return mode == GIT_FILEMODE_LINK || mode == GIT_FILEMODE_COMMIT;
}

static void note_change(struct comparison *c, const git_diff_delta *delta)
{
    struct changed_file file = {
        .name = arena_copy(&c->arena, delta->new_file.path),
        .change = CHANGE_MADE,
        .link = is_link(delta->old_file.mode) || is_link(delta->new_file.mode),
    };
    if (delta->status == GIT_DELTA_ADDED)
        file.change = CHANGE_ADDED;
    else if (delta->status == GIT_DELTA_DELETED)
        file.change = CHANGE_DELETED;
    vec_push(&c->arena, &c->changes, file);
}

static bool compare(struct comparison *c, struct error *e)
{
    git_diff *diff = NULL;
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_NONE;
    if (!c->sides[SIDE_OLD] && !c->sides[SIDE_NEW])
        return true;
    int status = git_diff_tree_to_tree(&diff, c->repository, c->sides[SIDE_OLD], c->sides[SIDE_NEW],
                                       &options);
    for (size_t i = 0; status == 0 && i < git_diff_num_deltas(diff); i++)
        note_change(c, git_diff_get_delta(diff, i));
    git_diff_free(diff);
    return status == 0 || git_fail(e, ERROR_SYSTEM, "the revisions cannot be compared");
}

struct comparison *comparison_open(const char *directory, const char *revisions, struct error *e)
{
    struct comparison *c = memory_zalloc(sizeof *c);
    struct range range;
    git_libgit2_init();
    git_accept_extensions();
    bool good = read_range(slice_of(revisions), &range, e) &&
                git_open_directory(&c->repository, directory, e);
    if (good)
        c->prefix = git_prefix(&c->arena, c->repository, directory);
    if (good && find_sides(c, &range, e) && compare(c, e))
        return c;
    comparison_close(c);
    return NULL;
}

void comparison_close(struct comparison *c)
{
    if (!c)
        return;
    git_tree_free(c->sides[SIDE_OLD]);
    git_tree_free(c->sides[SIDE_NEW]);
    git_repository_free(c->repository);
    git_libgit2_shutdown();
    arena_free(&c->arena);
    free(c);
}

const struct changed_file *comparison_changes(const struct comparison *c, size_t *count)
{
    *count = c->changes.count;
    return c->changes.items;
}

/* -- what is in a side */

struct lister {
    struct comparison *c;
    bool (*keep)(const char *name);
    struct arena *a;
    struct comparison_files *out;
};

static bool list_tree(struct lister *l, const git_tree *tree, const char *folder, unsigned depth,
                      struct error *e);

static bool list_entry(struct lister *l, const git_tree_entry *entry, const char *folder,
                       unsigned depth, struct error *e)
{
    bool is_folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    const char *name =
        arena_printf(l->a, "%s%s%s", folder, git_tree_entry_name(entry), is_folder ? "/" : "");
    git_tree *below = NULL;
    if (!l->keep(name) || depth > DEEPEST)
        return true;
    if (!is_folder) {
        if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB &&
            git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK)
            vec_push(l->a, &l->out->names, name);
        return true;
    }
    if (git_tree_lookup(&below, l->c->repository, git_tree_entry_id(entry)) != 0)
        return git_fail(e, ERROR_SYSTEM, "the folder %s cannot be read from the repository", name);
    bool good = list_tree(l, below, name, depth + 1, e);
    git_tree_free(below);
    return good;
}

/* A tree's own order makes the names come sorted by bytes: folders stand as if with a slash. */
static bool list_tree(struct lister *l, const git_tree *tree, const char *folder, unsigned depth,
                      struct error *e)
{
    for (size_t i = 0; i < git_tree_entrycount(tree); i++)
        if (!list_entry(l, git_tree_entry_byindex(tree, i), folder, depth, e))
            return false;
    return true;
}

bool comparison_list(struct comparison *c, enum comparison_side side,
                     bool (*keep)(const char *name), struct arena *a, struct comparison_files *out,
                     struct error *e)
{
    struct lister l = {c, keep, a, out};
    return !c->sides[side] || list_tree(&l, c->sides[side], "", 0, e);
}

static bool read_entry(struct comparison *c, const git_tree_entry *entry, const char *name,
                       struct buf *out, struct error *e)
{
    git_blob *blob = NULL;
    if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB ||
        git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
        return error_set(e, ERROR_SYSTEM, "%s: no regular file", name);
    if (git_blob_lookup(&blob, c->repository, git_tree_entry_id(entry)) != 0)
        return git_fail(e, ERROR_SYSTEM, "%s: cannot be read from the repository", name);
    struct slice bytes = slice_new(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    bool good = buf_add(out, bytes) || error_set(e, ERROR_SYSTEM, "%s: too large", name);
    git_blob_free(blob);
    return good;
}

bool comparison_read(struct comparison *c, enum comparison_side side, const char *name,
                     struct buf *out, struct error *e)
{
    git_tree_entry *entry = NULL;
    buf_clear(out);
    if (!c->sides[side] || !*name || git_tree_entry_bypath(&entry, c->sides[side], name) != 0)
        return error_set(e, ERROR_SYSTEM, "%s: not in this revision", name);
    bool good = read_entry(c, entry, name, out, e);
    git_tree_entry_free(entry);
    return good;
}
