/* Streams: images name packages after upstream's lines ("python-3.14"). Before they move to the
 * next one, every package they name after it must be there for every architecture they are built
 * for, and the image must still resolve. */
#ifndef MWATCH_STREAMS_H
#define MWATCH_STREAMS_H

#include "watcher/base/context.h"
#include "watcher/outcome.h"

struct streams;

/* Read the images among the components that move by name, and the indexes of their repositories for
 * each of their architectures; every index is asked for once and dropped when it has been looked
 * through. What cannot be read makes its images wait. The engine must outlive it. */
struct streams *streams_ask(struct http *http, const char *root,
                            struct component *const *components, size_t count);
void streams_free(struct streams *streams);

/* What the component's image lacks for a move to the version: "python-3.15-dev is missing for
 * aarch64". NULL when nothing is, and for what is no such image. In the arena. */
const char *streams_lack(const struct streams *streams, struct arena *a, const struct component *c,
                         struct slice version);

/* Resolve the images that rows move, as they will be: one that does not resolve any more, though it
 * does as it is, is held with the resolver's explanation. */
void streams_resolve(struct http *http, const struct streams *streams, struct results *rows);

#endif
