/* The repository of mwatch's own: bare, in the temporary folder, with the user's objects behind it.
 */
#include "git/repository_parts.h"

#include "watcher/base/file.h"
#include "watcher/base/memory.h"

#include <ftw.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 16 };

static bool make_folder(struct repository *r, struct error *e)
{
    struct buf path = {0};
    const char *temporary = context_variable("TMPDIR");
    path_join(&path, slice_of(temporary ? temporary : "/tmp"), SLICE("mwatch-XXXXXX"));
    r->folder = memory_alloc(path.len + 1);
    memcpy(r->folder, buf_text(&path), path.len + 1);
    buf_free(&path);
    if (mkdtemp(r->folder))
        return true;
    error_errno(e, ERROR_SYSTEM, "cannot make the folder %s", r->folder);
    free(r->folder);
    r->folder = NULL;
    return false;
}

/* Git's own way to borrow: it follows the alternates of alternates, too. */
static bool borrow_objects(struct repository *r, struct error *e)
{
    git_buf objects = {0};
    struct buf line = {0}, path = {0};
    bool good = git_repository_item_path(&objects, r->user, GIT_REPOSITORY_ITEM_OBJECTS) == 0;
    if (!good) {
        git_fail(e, ERROR_SYSTEM, "cannot find the repository's objects");
    } else {
        buf_addf(&line, "%s\n", objects.ptr);
        path_join(&path, slice_of(r->folder), SLICE("objects/info/alternates"));
        good = file_replace(buf_text(&path), buf_slice(&line), e);
    }
    git_buf_dispose(&objects);
    buf_free(&line);
    buf_free(&path);
    return good;
}

/* Proxies, insteadOf and the like are the user's, as for git itself. */
static bool borrow_config(struct repository *r, struct error *e)
{
    git_config *config = NULL;
    bool good = git_repository_config_snapshot(&config, r->user) == 0 &&
                git_repository_set_config(r->own, config) == 0;
    git_config_free(config);
    return good || git_fail(e, ERROR_SYSTEM, "cannot read git's configuration");
}

bool workspace_open(struct repository *r, struct error *e)
{
    if (!make_folder(r, e))
        return false;
    if (git_repository_init(&r->own, r->folder, true) != 0)
        return git_fail(e, ERROR_SYSTEM, "cannot make a repository in %s", r->folder);
    return (r->partial || borrow_objects(r, e)) && borrow_config(r, e);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path) == 0 ? 0 : -1;
}

void workspace_close(struct repository *r)
{
    git_repository_free(r->own);
    r->own = NULL;
    if (!r->folder)
        return;
    if (nftw(r->folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0)
        log_warning(r->ctx, "cannot remove the folder %s", r->folder);
    free(r->folder);
    r->folder = NULL;
}
