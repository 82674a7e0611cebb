/* How a repository of this machine is opened, for whatever purpose. */
#include "git/repository_parts.h"

#include "watcher/base/file.h"

#include <stdlib.h>
#include <string.h>

/* Those that change nothing in how refs, configuration and objects are read; who opens partial
 * clones must be ready for objects that are not there. libgit2 keeps the list for the whole
 * process. */
void git_accept_extensions(void)
{
    const char *extensions[] = {"noop", "worktreeconfig", "partialclone", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof extensions[0]);
}

bool git_open_directory(git_repository **out, const char *directory, struct error *e)
{
    int status = git_repository_open_ext(out, directory, 0, NULL);
    if (status == GIT_EOWNER)
        return error_set(e, ERROR_USAGE,
                         "the repository of %s belongs to somebody else: allow it with `git config "
                         "--global --add safe.directory DIRECTORY`",
                         directory);
    if (status == GIT_ENOTFOUND)
        return error_set(e, ERROR_USAGE, "%s is not in a git repository", directory);
    return status == 0 || git_fail(e, ERROR_USAGE, "cannot open the repository of %s", directory);
}

/* Both without symbolic links, as a work tree is often reached through one. */
const char *git_prefix(struct arena *a, git_repository *user, const char *directory)
{
    const char *top = git_repository_workdir(user), *prefix = "";
    char *root = top ? realpath(top, NULL) : NULL;
    char *here = realpath(directory, NULL);
    if (root && here && slice_starts(slice_of(here), slice_of(root))) {
        const char *rest = here + strlen(root);
        if (rest[0] == '/' && rest[1])
            prefix = arena_printf(a, "%s/", rest + 1);
    }
    free(root);
    free(here);
    return prefix;
}

/* The list is the whole repository's: worktrees share it, which libgit2 1.5 does not know. */
void git_shallow_file(git_repository *user, struct buf *path)
{
    path_join(path, slice_of(git_repository_commondir(user)), SLICE("shallow"));
}
