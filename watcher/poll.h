/* Poll: ask each upstream once, page by page, and hand what it published to the components that
 * want it. Where a source takes many specs in one request, and its credential is there, they are
 * asked in batches. */
#ifndef MWATCH_POLL_H
#define MWATCH_POLL_H

#include "watcher/base/context.h"
#include "watcher/http/http.h"
#include "watcher/recipes/component.h"

/* Called once for each component, from poll_run, as soon as its upstream has answered: all
 * candidates of all pages, or `e` set when there is no usable answer. Both live only during the
 * call. */
typedef void poll_done(void *arg, struct component *c, const struct candidates *found,
                       const struct error *e);

/* Called where upstream has more pages, with what is known so far and, as CANDIDATE_TAG, all that
 * may be on the pages left: true when none of it can matter to the component. */
typedef bool poll_enough(void *arg, const struct component *c, const struct candidates *found);

struct poll_options {
    poll_done *done;
    poll_enough *enough; /* NULL = every page is asked for */
    void *arg;           /* of both */
};

/* Ask for every component that has a source; those that ask the same thing are asked once. The
 * others (disabled, in error) are handed over with no candidates and no error. Answers are handed
 * over as they arrive, in no particular order. */
void poll_run(const struct context *ctx, struct http *http, const struct poll_options *options,
              struct component *const *components, size_t count);

/* A release that is to be known in full. */
struct detail {
    const struct spec *spec;
    struct candidate *candidate; /* CANDIDATE_BRIEF; its notes, assets and commit are filled in */
    struct arena *arena;         /* where they are to live */
    struct error error;          /* why the candidate stays brief */
};

/* Fill in what listing in batches leaves out. */
void poll_details(const struct context *ctx, struct http *http, struct detail *details,
                  size_t count);

#endif
