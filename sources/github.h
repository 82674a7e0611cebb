/* What the files of the adapter github share; nobody else includes this. */
#ifndef MWATCH_SOURCES_GITHUB_H
#define MWATCH_SOURCES_GITHUB_H

#include "sources/source.h"
#include "watcher/base/json.h"

/* What `use` asks for. */
enum github_use { USE_RELEASES, USE_TAGS, USE_TAGS_API };

/* "owner/name", checked. */
struct github_repository {
    struct slice owner, name;
};

enum github_use github_use(const struct spec *spec);

/* The repository of a spec; ERROR_USAGE when it is neither owner/name nor a URL on its server. */
bool github_repository(const struct spec *spec, struct arena *a, struct github_repository *out,
                       struct error *e);

/* Its address for people and for git, and the page of one of its tags. */
const char *github_url(const struct spec *spec, const struct github_repository *r, struct arena *a);
const char *github_tag_page(const char *url, const char *tag, struct arena *a);

/* The word of a page about one release, all of it; the release's tag follows. */
#define GITHUB_RELEASE "release "

/* The tag of such a page; NULL when it is another one. */
const char *github_release_of(const struct page *page);

/* Append the candidate of a release, whose tag stands under `tag_key`. NULL with ERROR_UPSTREAM
 * when it has no tag. `number` counts from 1, for messages. */
struct candidate *github_add_release(const json_t *release, const char *tag_key, size_t number,
                                     struct arena *a, struct candidates *out, struct error *e);

/* Take over the files of a release; an asset's address stands under `url_key`. One without a name
 * or an address is of no use to anyone and is passed over. */
void github_read_assets(const json_t *assets, const char *url_key, struct arena *a,
                        struct candidate *c);

/* ---- releases without the API (github_feed.c): the feed of the web server ---- */

void github_feed_request(const char *url, struct arena *a, struct request *out);

/* Appends the entries. True in *full when the feed is as long as GitHub makes it, so that there may
 * be more. */
bool github_feed_parse(const struct response *response, struct arena *a, struct candidates *out,
                       bool *full, struct error *e);

/* ---- releases of many repositories in one request (github_batch.c, github_answer.c) ---- */

extern const struct batch github_batch;

enum batch_verdict github_answer(struct batch_item *items, size_t count,
                                 const struct response *response, struct arena *a, struct error *e);

/* The cursor of a page after the first one: this word, then GitHub's own. */
#define GITHUB_AFTER "after "

/* The cursor of github.c's page that begins to list what may have been released, by git. */
#define GITHUB_TAGS "tags"

#endif
