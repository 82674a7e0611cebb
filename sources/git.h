/* Asking a git repository for its refs, for every adapter that does so. */
#ifndef MWATCH_SOURCES_GIT_H
#define MWATCH_SOURCES_GIT_H

#include "sources/source.h"

/* What is asked. Everything is borrowed. */
struct git_query {
    const char *repository; /* URL as `git clone` takes it */
    const char *branch;     /* its head is wanted ("HEAD": the default branch's); NULL = all tags */
    const char *prefix;     /* of the tags, a hint; NULL = none */
};

/* The request for a page, as struct source has it: page 0 is what the server can do, and on a
 * server without protocol version 2 all its refs; page 1 asks for the refs wanted. For a file://
 * URL the same request is made; who sends it gives git_local_refs' bytes (git/local_refs.h) as the
 * body of the answer to page 0. */
bool git_query_request(const struct git_query *q, const struct page *page, struct arena *a,
                       struct request *out, struct error *e);

/* Read an answer: a candidate a tag, with the commit it leads to; or one for the branch, whose raw
 * text is the commit. */
bool git_query_parse(const struct git_query *q, const struct page *page,
                     const struct response *response, struct arena *a, struct candidates *out,
                     struct error *e);

#endif
