#include "watcher/base/glob.h"

/* Backtracks only to the last star of each kind, so time is at most length times length. */
struct retry {
    struct slice glob, path;
    bool set;
};

static bool star(struct slice *glob, struct slice path, struct retry *one, struct retry *any)
{
    if (slice_starts(*glob, SLICE("**/")))
        *glob = slice_from(*glob, 3);
    else if (slice_starts(*glob, SLICE("**")))
        *glob = slice_from(*glob, 2);
    else if (slice_starts(*glob, SLICE("*"))) {
        *glob = slice_from(*glob, 1);
        *one = (struct retry){*glob, path, true};
        return true;
    } else {
        return false;
    }
    *any = (struct retry){*glob, path, true};
    one->set = false;
    return true;
}

static bool again(struct retry *r, bool across, struct slice *glob, struct slice *path)
{
    if (!r->set || r->path.len == 0 || (!across && r->path.ptr[0] == '/'))
        return false;
    r->path = slice_from(r->path, 1);
    *glob = r->glob;
    *path = r->path;
    return true;
}

bool glob_matches(struct slice glob, struct slice path)
{
    struct retry one = {.set = false}, any = {.set = false};
    while (glob.len || path.len) {
        if (star(&glob, path, &one, &any))
            continue;
        bool fits = glob.len && path.len &&
                    (glob.ptr[0] == path.ptr[0] || (glob.ptr[0] == '?' && path.ptr[0] != '/'));
        if (fits) {
            glob = slice_from(glob, 1);
            path = slice_from(path, 1);
        } else if (!again(&one, false, &glob, &path) && !again(&any, true, &glob, &path)) {
            return false;
        }
    }
    return true;
}
