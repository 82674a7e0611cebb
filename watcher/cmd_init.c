#include "watcher/recipes/init.h"

#include "watcher/base/file.h"
#include "watcher/session.h"

#include <unistd.h>

/* What the recipes say by themselves, without a configuration that may be there already. */
static bool guess(const struct context *ctx, const char *root, struct buf *text, struct error *e)
{
    struct arena a = {0};
    struct config none = {0};
    struct config_files files;
    struct discovery found = {0};
    bool good = discovery_files(ctx, &a, root, &files, e) && discover(ctx, root, &none, &found, e);
    if (good && found.components.count == 0)
        good = error_set(e, ERROR_USAGE, "%s: no recipe below it: is -C right?", root);
    if (good)
        init_write(&files, &found.components, text);
    discovery_free(&found);
    config_free(&none);
    arena_free(&a);
    return good;
}

static bool write_first(const char *path, bool force, struct slice text, struct error *e)
{
    if (!force && access(path, F_OK) == 0)
        return error_set(e, ERROR_USAGE,
                         "%s is there already; --dry-run shows what init would write, --force "
                         "replaces it",
                         path);
    return file_replace(path, text, e);
}

int cmd_init(struct context *ctx, struct options *options)
{
    const char *root = options->directory ? options->directory : ".";
    struct buf text = {0}, path = {0};
    struct error e = {0};

    if (options->config)
        buf_add_text(&path, options->config);
    else
        path_join(&path, slice_of(root), SLICE("mwatch.yaml"));
    bool good = guess(ctx, root, &text, &e);
    if (good && options->dry_run)
        fputs(buf_text(&text), stdout);
    else if (good && (good = write_first(buf_text(&path), options->force, buf_slice(&text), &e)))
        printf("wrote %s; `mwatch doctor` checks it, `mwatch --dry-run` tries it\n",
               buf_text(&path));
    buf_free(&text);
    buf_free(&path);
    return good ? EXIT_WELL : fail(ctx, &e);
}
