/* text: a pattern over the body of any answer, web pages included. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/timestamp.h"

enum { URL, PATTERN };

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    (void)page;
    (void)a;
    (void)e;
    *out = (struct request){.url = spec->values[URL]};
    return true;
}

/* One body being read. */
struct reading {
    const struct pattern *pattern;
    struct seen seen;
    struct arena *a;
    struct candidates *out;
    struct error *e;
};

static int64_t date_matched(const struct pattern *p, const struct match *m)
{
    size_t group = pattern_group(p, "date");
    int64_t seconds = 0;
    bool found = group && group < m->count && timestamp_parse(m->group[group], &seconds);
    return found ? seconds : 0;
}

static bool add_match(void *arg, const struct match *m)
{
    struct reading *r = arg;
    struct slice raw = version_matched(r->pattern, m);
    if (slice_empty(raw) || !seen_add(&r->seen, raw))
        return true;
    struct candidate *c = candidate_add(r->a, r->out, raw, r->e);
    if (c)
        c->published = date_matched(r->pattern, m);
    return c != NULL;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct reading r = {.seen = seen_new(a), .a = a, .out = out, .e = e};
    (void)page;
    if (!spec_pattern(spec, "pattern", a, &r.pattern, e))
        return false;
    if (pattern_each(r.pattern, response->body, add_match, &r) == PATTERN_LIMIT)
        return version_given_up(r.pattern, e);
    return !error_is_set(e);
}

const struct source source_text = {
    .name = "text",
    .summary = "a pattern over the body of any answer",
    .example = "text: {url: https://www.sqlite.org/chronology.html, "
               "pattern: '>(\\d+\\.\\d+\\.\\d+)</a>'}",
    .keys =
        {
            {"url", KEY_URL, true, NULL, "what to read", NULL},
            {"pattern", KEY_PATTERN, true, NULL,
             "each place it matches is a release: the group \"version\", else 1, else all; the "
             "group \"date\" may say when it was published",
             NULL},
        },
    .request = request,
    .parse = parse,
};
