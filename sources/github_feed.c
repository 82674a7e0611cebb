/* Releases of GitHub without its API: the feed that its web server gives for a repository. It holds
 * the newest 10 of releases and tags, costs no quota, and says neither which of them are only tags
 * nor which releases are pre-releases; drafts are not in it. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "sources/feed.h"
#include "sources/github.h"

enum { FEED_ENTRIES = 10, FEED_BYTES = 16 * 1024 * 1024 };

void github_feed_request(const char *url, struct arena *a, struct request *out)
{
    out->url = arena_printf(a, "%s/releases.atom", url);
    out->headers[0] = (struct header){"Accept", "application/atom+xml"};
    out->limit = FEED_BYTES;
}

/* The tag in "tag:github.com,2008:Repository/156018/8.6.2", which is there as it is spelt: a tag
 * may have slashes. Empty when the text is another one. */
static struct slice tag_of(struct slice id)
{
    struct slice part, rest = id;
    if (!slice_split(&rest, '/', &part) || !slice_starts(part, SLICE("tag:")) ||
        !slice_ends(part, SLICE(":Repository")))
        return (struct slice){0};
    if (!slice_split(&rest, '/', &part) || !slice_all_digits(part))
        return (struct slice){0};
    return rest;
}

bool github_feed_parse(const struct response *response, struct arena *a, struct candidates *out,
                       bool *full, struct error *e)
{
    struct feed feed;
    if (!answer_no_page(response, "a feed", e) || !feed_read(a, response->body, &feed, e))
        return false;
    for (size_t i = 0; i < feed.entries.count; i++) {
        const struct feed_entry *entry = &feed.entries.items[i];
        struct slice tag = tag_of(entry->id);
        if (!tag.len)
            return error_set(e, ERROR_UPSTREAM, "entry %zu of GitHub's feed names no tag: %s",
                             i + 1, answer_shown(a, entry->id));
        struct candidate *c = candidate_add(a, out, tag, e);
        if (!c)
            return false;
        c->url = answer_web_url(a, arena_text(a, entry->link));
        c->published = entry->updated;
    }
    *full = feed.entries.count >= FEED_ENTRIES;
    return true;
}
