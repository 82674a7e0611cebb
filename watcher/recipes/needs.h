/* What recipes build and what they need, by name: what a graph of them is made of. The rules of
 * substitution are melange's own (pkg/config/config.go and pkg/build/compile.go, 2026-08). */
#ifndef MWATCH_RECIPES_NEEDS_H
#define MWATCH_RECIPES_NEEDS_H

#include "watcher/recipes/config.h"
#include "watcher/recipes/pipelines.h"

enum need_kind {
    NEED_BUILD,    /* environment.contents.packages */
    NEED_PIPELINE, /* what a pipeline that a step uses, or the step itself, wants installed */
    NEED_RUNTIME,  /* dependencies.runtime of the package or of a subpackage */
    NEED_CONTENTS, /* an image's contents.packages */
    NEED_KINDS
};

const char *need_kind_name(enum need_kind kind); /* "build" */

struct need {
    enum need_kind kind;
    const char *text; /* "openssl-dev>3@local", its variables replaced; never a conflict */
    const char *file; /* where it is written, and its line: of a pipeline's the step that uses it */
    size_t line;
};

struct provided {
    const char *name;
    const char *version; /* "" = without one */
    long long priority;  /* provider-priority, 0 when there is none */
    bool package;        /* a package that is built, not only a name it provides */
};

/* A package that is built, as an index would tell of it. */
struct built {
    const char *name;
    const char *version; /* "1.2.3-r0" */
    long long priority;
    VEC(const char *) runtime;  /* dependencies.runtime, its variables replaced */
    VEC(const char *) provides; /* name[=version] */
};

struct needs {
    VEC(struct provided) provides;
    VEC(struct built) built; /* melange recipes: each package once, its own needs beside it */
    VEC(struct need) list;   /* each kind and text once, where it is first */
    VEC(const char *)
    files;                      /* the recipe is made of besides its own, or would be if they were
                                   there: what it includes, its pipelines in the repository */
    VEC(const char *) problems; /* "redis.yaml:12:9: ${{build.arch}} is not known": left out */
    VEC(const char *) unknown;  /* pipelines that neither the repository nor melange has */
};

/* Of what melange_is finds a recipe: the packages and subpackages it builds (every item of a
 * `range`, both ways of an `if:`), what they provide, and what they and the pipelines need. Tests
 * are left out. Fails with ERROR_RECIPE, file, line and column for what melange refuses too: a
 * package name that is none, a var-transform that does not compile, a `range` that is not in
 * `data:`; and for recipes that grow beyond all measure. All in the arena; *pipelines reads the
 * repository's own as they are used. */
bool melange_needs(struct arena *a, const struct yaml *y, struct pipelines *pipelines,
                   struct needs *out, struct error *e);

/* Of an apko image: its packages, those of the images it includes first. An include is looked for
 * beside the file and at the root. What cannot be read is a problem, not a failure. */
void apko_needs(struct arena *a, const struct yaml *y, const struct config_files *files,
                struct needs *out);

struct apko_list {
    VEC(const char *) list;
};

/* An image as apko reads it, as far as its packages go: the lists of what it includes come before
 * its own. */
struct apko_image {
    struct apko_list packages; /* as written, conflicts ("!name") with them */
    struct apko_list repositories, build_repositories, runtime_repositories; /* [@TAG ]URL */
    struct apko_list keyring;                                                /* URLs and files */
    struct apko_list archs;                                                  /* as written */
};

/* As apko_needs, and the image's lists besides. */
void apko_image(struct arena *a, const struct yaml *y, const struct config_files *files,
                struct needs *needs, struct apko_image *out);

#endif
