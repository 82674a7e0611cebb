/* New commits: changed files over the parent's tree, and who made it when. */
#include "git/repository_parts.h"

#include "watcher/base/file.h"

#include <string.h>

/* Git itself refuses these, as a checkout of them would leave the work tree or write into .git. */
static bool is_component(struct slice part)
{
    return part.len && !slice_is(part, ".") && !slice_is(part, "..") &&
           !slice_equal_nocase(part, SLICE(".git"));
}

static bool check_path(const char *path, struct error *e)
{
    struct slice rest = slice_of(path), part;
    bool good = path_is_inside(rest) && rest.len;
    while (good && slice_split(&rest, '/', &part))
        good = is_component(part);
    return good || error_set(e, ERROR_CONFLICT, "%s: no path for a file of a commit", path);
}

static bool is_plain_mode(git_filemode_t mode)
{
    return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/* The mode of the file that is there, a plain file's when there is none. */
static bool find_mode(git_tree *tree, const char *path, git_filemode_t *mode, struct error *e)
{
    git_tree_entry *entry = NULL;
    *mode = GIT_FILEMODE_BLOB;
    if (git_tree_entry_bypath(&entry, tree, path) != 0)
        return true;
    git_filemode_t found = git_tree_entry_filemode(entry);
    git_tree_entry_free(entry);
    if (!is_plain_mode(found))
        return error_set(e, ERROR_CONFLICT, "%s: a %s is there, not a file", path,
                         found == GIT_FILEMODE_LINK   ? "symbolic link"
                         : found == GIT_FILEMODE_TREE ? "folder"
                                                      : "submodule");
    if (found == GIT_FILEMODE_BLOB_EXECUTABLE)
        *mode = found;
    return true;
}

static bool make_update(struct repository *r, git_tree *tree, const struct tree_change *change,
                        git_tree_update *out, struct error *e)
{
    *out = (git_tree_update){.action = GIT_TREE_UPDATE_UPSERT, .path = change->path};
    if (!check_path(change->path, e) || !find_mode(tree, change->path, &out->filemode, e))
        return false;
    return git_blob_create_from_buffer(&out->id, r->own,
                                       change->content.ptr ? change->content.ptr : "",
                                       change->content.len) == 0 ||
           git_fail(e, ERROR_SYSTEM, "%s: cannot be written to the repository", change->path);
}

static bool make_tree(struct repository *r, git_tree *from, const struct tree_change *changes,
                      size_t count, git_oid *out, struct error *e)
{
    struct arena a = {0};
    git_tree_update *updates = arena_array(&a, count + 1, sizeof *updates);
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = make_update(r, from, &changes[i], &updates[i], e);
    if (good && git_tree_create_updated(out, r->own, from, count, updates) != 0)
        good = git_fail(e, ERROR_CONFLICT, "the files cannot be put together");
    arena_free(&a);
    if (good && git_oid_equal(out, git_tree_id(from)))
        good = error_set(e, ERROR_CONFLICT, "nothing to commit: all files are like that already");
    return good;
}

/* Git ends a message with a line break, and its tools expect one. */
static bool make_buffer(struct repository *r, git_commit *parent, git_tree *tree,
                        const char *message, git_buf *out, struct error *e)
{
    git_signature author = *r->author, committer = *r->committer;
    struct buf text = {0};
    author.when = committer.when =
        (git_time){.time = context_now(r->ctx), .offset = 0, .sign = '+'};
    buf_add_text(&text, message);
    if (!slice_ends(buf_slice(&text), SLICE("\n")))
        buf_add_byte(&text, '\n');
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR == 8)
    git_commit *const parents[] = {parent};
#else
    const git_commit *parents[] = {parent};
#endif
    int status = git_commit_create_buffer(out, r->own, &author, &committer, NULL, buf_text(&text),
                                          tree, 1, parents);
    buf_free(&text);
    return status == 0 || git_fail(e, ERROR_SYSTEM, "cannot make a commit");
}

static bool write_commit(struct repository *r, const char *bytes, git_oid *out, struct error *e)
{
    struct buf signature = {0};
    bool good = r->options.signing == SIGN_NOT || commit_sign(r, slice_of(bytes), &signature, e);
    if (good && git_commit_create_with_signature(
                    out, r->own, bytes, signature.len ? buf_text(&signature) : NULL, NULL) != 0)
        good = git_fail(e, ERROR_SYSTEM, "cannot write a commit");
    buf_free(&signature);
    return good;
}

bool repository_commit(struct repository *r, const struct oid *parent,
                       const struct tree_change *changes, size_t count, const char *message,
                       struct oid *out, struct error *e)
{
    git_oid id;
    git_commit *from = NULL;
    git_tree *before = NULL, *after = NULL;
    git_buf bytes = {0};
    bool good = false;
    *out = (struct oid){""};
    if (!oid_parse(parent, &id, e))
        return false;
    if (git_commit_lookup(&from, r->own, &id) != 0 || git_commit_tree(&before, from) != 0) {
        git_fail(e, ERROR_SYSTEM, "commit %s cannot be read", parent->hex);
        goto out;
    }
    if (!make_tree(r, before, changes, count, &id, e))
        goto out;
    if (git_tree_lookup(&after, r->own, &id) != 0) {
        git_fail(e, ERROR_SYSTEM, "the new files cannot be read back");
        goto out;
    }
    good = make_buffer(r, from, after, message, &bytes, e) && write_commit(r, bytes.ptr, &id, e);
    if (good)
        *out = oid_of(&id);
out:
    git_buf_dispose(&bytes);
    git_tree_free(after);
    git_tree_free(before);
    git_commit_free(from);
    return good;
}
