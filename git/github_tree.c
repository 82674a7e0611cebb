/* The tree of a new commit. Files go into it as text where they are text, so that a change set is
 * one write and not one for each file. */
#include "git/github_parts.h"
#include "watcher/base/hash.h"
#include "watcher/base/utf8.h"

#include <string.h>

/* What is asked for trees: they are named by their content, so an answer stays right. */
static json_t *get(struct forge_session *s, struct arena *a, const char *path, const char *what,
                   struct error *e)
{
    struct reply r;
    if (!github_do(s, a, &(struct call){.method = "GET", .path = path}, what, &r, e))
        return NULL;
    return r.json;
}

static const char *tree_of_commit(struct forge_session *s, struct arena *a, const char *commit,
                                  struct error *e)
{
    const char *path = github_path(s, a, "/git/commits/%s", github_escape(a, commit, false));
    const json_t *json = get(s, a, path, "read the base commit", e);
    const char *tree = json_string_at(json_object_get(json, "tree"), "sha");
    if (json && !tree)
        error_set(e, ERROR_UPSTREAM, "GitHub: cannot read the base commit: it has no tree");
    return tree;
}

static const json_t *find_entry(const json_t *tree, struct slice name)
{
    const json_t *entry;
    size_t index;
    json_array_foreach(json_object_get(tree, "tree"), index, entry)
    {
        if (slice_equal(json_text(entry, "path"), name))
            return entry;
    }
    return NULL;
}

/* The mode of the file at `path` below a tree: a new file's when there is none. */
static const char *mode_of(struct forge_session *s, struct arena *a, const char *tree,
                           const char *path, struct error *e)
{
    struct slice rest = slice_of(path), name;
    const json_t *entry = NULL;
    while (slice_split(&rest, '/', &name)) {
        const char *at = github_path(s, a, "/git/trees/%s", tree);
        const json_t *json = get(s, a, at, "read a tree", e);
        if (!json)
            return NULL;
        entry = find_entry(json, name);
        tree = json_string_at(entry, "sha");
        if (!tree)
            return "100644";
    }
    const char *mode = json_string_at(entry, "mode");
    if (mode && slice_is(json_text(entry, "type"), "blob") && strcmp(mode, "120000") != 0)
        return mode;
    error_set(e, ERROR_CONFLICT, "%s is no file in the repository", path);
    return NULL;
}

/* Content that JSON cannot hold as it is becomes a blob of its own. */
static const char *make_blob(struct forge_session *s, struct arena *a, struct slice content,
                             struct error *e)
{
    struct buf coded = {0};
    struct reply r;
    base64_encode(content, &coded);
    struct call call = {
        .method = "POST",
        .path = github_path(s, a, "%s", "/git/blobs"),
        .body = json_pack("{s:s, s:s}", "content", buf_text(&coded), "encoding", "base64"),
        .harmless = true,
    };
    buf_free(&coded);
    if (!github_do(s, a, &call, "write a file", &r, e))
        return NULL;
    const char *sha = json_string_at(r.json, "sha");
    if (!sha)
        error_set(e, ERROR_UPSTREAM, "GitHub: cannot write a file: the answer names no blob");
    return sha;
}

static bool is_text(struct slice content)
{
    return utf8_valid_length(content) == content.len &&
           slice_find_byte(content, '\0') == SLICE_NONE;
}

static json_t *entry_of(struct forge_session *s, struct arena *a, const char *tree,
                        const struct forge_file *file, struct error *e)
{
    const char *mode = mode_of(s, a, tree, file->path, e);
    if (!mode)
        return NULL;
    json_t *entry = json_pack("{s:s, s:s, s:s}", "path", file->path, "mode", mode, "type", "blob");
    if (is_text(file->content)) {
        json_object_set_new(
            entry, "content",
            json_stringn(file->content.ptr ? file->content.ptr : "", file->content.len));
        return entry;
    }
    const char *sha = make_blob(s, a, file->content, e);
    if (sha) {
        json_object_set_new(entry, "sha", json_string(sha));
        return entry;
    }
    json_decref(entry);
    return NULL;
}

static json_t *entries_of(struct forge_session *s, struct arena *a, const char *tree,
                          const struct forge_file *files, size_t count, struct error *e)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *entry = entry_of(s, a, tree, &files[i], e);
        if (!entry) {
            json_decref(entries);
            return NULL;
        }
        json_array_append_new(entries, entry);
    }
    return entries;
}

const char *github_tree(struct forge_session *s, struct arena *a, const char *parent,
                        const struct forge_file *files, size_t count, struct error *e)
{
    struct reply r;
    const char *base = tree_of_commit(s, a, parent, e);
    json_t *entries = base ? entries_of(s, a, base, files, count, e) : NULL;
    if (!entries)
        return NULL;
    struct call call = {
        .method = "POST",
        .path = github_path(s, a, "%s", "/git/trees"),
        .body = json_pack("{s:s, s:o}", "base_tree", base, "tree", entries),
        .harmless = true,
    };
    if (!github_do(s, a, &call, "write a tree", &r, e))
        return NULL;
    const char *sha = json_string_at(r.json, "sha");
    if (!sha)
        error_set(e, ERROR_UPSTREAM, "GitHub: cannot write a tree: the answer names none");
    return sha;
}
