/* First looks at an answer that every adapter takes the same way. */
#ifndef MWATCH_SOURCES_ANSWER_H
#define MWATCH_SOURCES_ANSWER_H

#include "sources/source.h"
#include "watcher/base/json.h"

/* False with ERROR_UPSTREAM when the body is a web page: a sign-in form, a captcha, an error page
 * with status 200. `due` is what should have come ("JSON"). */
bool answer_no_page(const struct response *response, const char *due, struct error *e);

/* The body as JSON, which lives in the arena; NULL with ERROR_UPSTREAM when it is empty, a web page
 * or broken. */
json_t *answer_json(const struct response *response, struct arena *a, struct error *e);

/* `text` as a message may show it: visible (text_add_visible), at most 200 bytes of it. */
const char *answer_shown(struct arena *a, struct slice text);

/* A copy of an address that upstream gave, NULL unless it is an http or https URL. */
const char *answer_web_url(struct arena *a, const char *text);

/* Take `reference` (absolute, or relative to the answer; empty = there is none) as the next page
 * into *out. It is taken verbatim, but one that leads to another origin than the answer's or
 * `base`'s is ERROR_REFUSED: a credential would travel with it. */
bool answer_follow(const struct response *response, const char *base, const struct page *page,
                   struct slice reference, struct arena *a, struct candidates *out,
                   struct error *e);

/* answer_follow with the target of rel="next". */
bool answer_follow_link(const struct response *response, const char *base, const struct page *page,
                        struct arena *a, struct candidates *out, struct error *e);

#endif
