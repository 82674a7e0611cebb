/* Gather: all recipes and images of the repository, read into one graph of who needs whom. */
#ifndef MWATCH_GATHER_H
#define MWATCH_GATHER_H

#include "watcher/discover.h"
#include "watcher/rebuild/graph.h"
#include "watcher/recipes/needs.h"

/* A file that a recipe or image is made of besides its own: an include, a pipeline. It need not be
 * there: one that comes to be counts, too. */
struct made_of {
    const char *file;
    uint32_t node;
};

struct gathering {
    struct arena arena;
    struct graph *graph; /* linked; the kinds of its needs are those of enum need_kind */
    size_t recipes;      /* melange recipes in it */
    size_t images;
    VEC(struct made_of) parts;
    VEC(const char *) failures; /* what could not be read, and is missing in the graph, therefore */
    VEC(const char *) problems; /* entries that were left out */
    VEC(const char *) unknown;  /* pipelines that neither the repository nor melange has */
};

/* The kinds of needs that a rebuild follows: those whose holder is rebuilt, and those that only
 * bring what they need along. */
enum {
    GATHER_BUILDS = 1u << NEED_BUILD | 1u << NEED_PIPELINE | 1u << NEED_CONTENTS,
    GATHER_BRINGS = 1u << NEED_RUNTIME,
};

/* Read everything below `root` that the configuration does not exclude; files that are no recipes
 * are passed over. False only for a root that cannot be read (ERROR_USAGE). To be released either
 * way. */
bool gather(const char *root, const struct config *config, struct gathering *out, struct error *e);

/* The same of files that somebody else lists and reads. */
void gather_files(const struct config_files *files, const struct config *config,
                  struct gathering *out);
void gather_release(struct gathering *g);

#endif
