/* `rebuild:` of mwatch.yaml: how images are rebuilt when packages move. */
#ifndef MWATCH_RECIPES_CONFIG_REBUILD_H
#define MWATCH_RECIPES_CONFIG_REBUILD_H

#include "watcher/recipes/config.h"
#include "watcher/recipes/needs.h"

/* What tells of the last build. */
enum rebuild_state { REBUILD_RECORD, REBUILD_SBOM, REBUILD_LABELS, REBUILD_LOCK };

/* What holds for one image; NULL and empty = not said. */
struct rebuild_settings {
    const char *image;   /* its placeholders replaced: "ghcr.io/owner/minimal-python" */
    const char *primary; /* "python-*" */
    struct apko_list archs, after;
    enum rebuild_state state;
    bool disabled;
};

/* The settings of the image called `name` in `file`: its entry of `images:`, whose key is its name,
 * its folder or its file, over what `rebuild:` says for all. {folder} is the file's, without a last
 * part "apko". In the arena. ERROR_USAGE when a text cannot be put together. */
bool config_rebuild(const struct config *config, struct arena *a, const char *name,
                    const char *file, struct rebuild_settings *out, struct error *e);

/* The file of the record, relative to the root; NULL when it is not said. Borrowed. */
const char *config_rebuild_record(const struct config *config, struct arena *a);

/* The URL of the security database; NULL when it is not said. In the arena. */
const char *config_rebuild_secdb(const struct config *config, struct arena *a);

/* The ecosystem that OSV is asked about; NULL when it is not said. In the arena. */
const char *config_rebuild_osv(const struct config *config, struct arena *a);

/* What holds for the recipes; empty = not said. */
struct rebuild_recipes {
    struct apko_list repositories, keyring;
    struct apko_list archs;
    struct apko_list bump; /* globs of packages whose move is a reason; none = of all */
};

/* Read it. In the arena. */
void config_rebuild_recipes(const struct config *config, struct arena *a,
                            struct rebuild_recipes *out);

/* An entry of `images:` that fits none of these images, for a warning; NULL = all fit. `names` and
 * `files` are parallel. In the arena. */
const char *config_rebuild_unused(const struct config *config, struct arena *a,
                                  const char *const *names, const char *const *files, size_t count);

#endif
