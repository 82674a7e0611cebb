/* What the files of streams share; nobody else includes this. */
#ifndef MWATCH_STREAMS_PARTS_H
#define MWATCH_STREAMS_PARTS_H

#include "watcher/base/names.h"
#include "watcher/streams.h"

/* What names an index has that the image may move to, for one architecture. */
struct stream_arch {
    const char *name;   /* "aarch64" */
    const char *unread; /* why one of its indexes could not be read, NULL = all were */
    struct names have;
};

/* A package the image names after the pinned stream: the text of its entry with a star for the
 * version, and the name in it. */
struct stream_entry {
    const char *text; /* "python-*-dev~1@local" */
    const char *name; /* "python-*-dev" */
};

struct stream_repository {
    const char *url;
    const char *tag; /* NULL = none */
};

/* One image that one component moves. */
struct image {
    const struct component *component;
    VEC(struct stream_entry) moved;
    VEC(const char *) world; /* all its packages as they are */
    VEC(struct stream_repository) repositories;
    VEC(struct stream_arch) archs;
    const char *local; /* a repository that is a folder: what is missing may be there; NULL */
    bool includes;     /* other files make it up, too */
};

struct streams {
    struct arena arena;
    struct image *images; /* by component */
    size_t count;
};

/* Read what matters here from the component's file; false when nothing in it moves by name, or it
 * cannot be read, which is its own row's error. */
bool image_read(struct arena *a, const char *root, const struct component *c, struct image *out);

/* Ask for the index of a repository for an architecture, as apk has it. */
void image_index_request(struct arena *a, const char *repository, const char *arch,
                         struct request *out);

/* The entry with the version in the star's place. */
const char *image_entry(struct arena *a, const char *starred, struct slice version);

const struct image *streams_image(const struct streams *streams, const struct component *c);

#endif
