/* git: tags or a branch head of any repository, by protocol version 2 over smart HTTP
 * (gitprotocol-v2, gitprotocol-http). */
#include "sources/git.h"

#include "sources/answer.h"
#include "sources/git_refs.h"
#include "watcher/base/pktline.h"
#include "watcher/base/url.h"

#define SERVICE "/info/refs?service=git-upload-pack"

static bool check_repository(struct slice repository, struct error *e)
{
    struct url url;
    if (!url_parse(repository, &url))
        return error_set(e, ERROR_USAGE, "repository is not a URL");
    if (slice_find_byte(repository, '?') != SLICE_NONE ||
        slice_find_byte(repository, '#') != SLICE_NONE)
        return error_set(e, ERROR_USAGE, "a repository's URL has neither ? nor #");
    return true;
}

static struct slice without_slashes(const char *url)
{
    struct slice s = slice_of(url);
    while (slice_ends(s, SLICE("/")))
        s.len--;
    return s;
}

static bool ask_capabilities(const struct git_query *q, struct arena *a, struct request *out,
                             struct error *e)
{
    struct slice repository = without_slashes(q->repository);
    if (!check_repository(repository, e))
        return false;
    out->url = arena_printf(a, "%.*s" SERVICE, SLICE_ARG(repository));
    out->headers[0] = (struct header){"Git-Protocol", "version=2"};
    return true;
}

static const char *ref_prefix(const struct git_query *q, struct arena *a)
{
    if (!q->branch)
        return arena_printf(a, "refs/tags/%s", q->prefix ? q->prefix : "");
    if (slice_is(slice_of(q->branch), "HEAD"))
        return "HEAD";
    return arena_printf(a, "refs/heads/%s", q->branch);
}

/* The body of ls-refs; peel makes the server name the commit behind a tag object. */
static bool ls_refs(const struct git_query *q, struct slice format, struct arena *a,
                    struct slice *body)
{
    const char *object_format = arena_printf(a, "object-format=%.*s", SLICE_ARG(format));
    const char *prefix = arena_printf(a, "ref-prefix %s", ref_prefix(q, a));
    struct buf text = {0};
    bool ok = pkt_add(&text, SLICE("command=ls-refs")) && pkt_add(&text, slice_of(object_format)) &&
              pkt_add_delimiter(&text) && pkt_add(&text, SLICE("peel")) &&
              pkt_add(&text, slice_of(prefix)) && pkt_add_flush(&text);
    *body = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    return ok;
}

/* The cursor is "FORMAT URL", see next_page. */
static bool ask_refs(const struct git_query *q, const struct page *page, struct arena *a,
                     struct request *out, struct error *e)
{
    struct slice url = slice_of(page->cursor), format;
    slice_split(&url, ' ', &format);
    if (!ls_refs(q, format, a, &out->body))
        return error_set(e, ERROR_USAGE, "the name of the branch or prefix is too long");
    out->method = "POST";
    out->url = arena_printf(a, "%.*s/git-upload-pack", SLICE_ARG(url));
    out->headers[0] = (struct header){"Git-Protocol", "version=2"};
    out->headers[1] = (struct header){"Content-Type", "application/x-git-upload-pack-request"};
    out->headers[2] = (struct header){"Accept", "application/x-git-upload-pack-result"};
    return true;
}

bool git_query_request(const struct git_query *q, const struct page *page, struct arena *a,
                       struct request *out, struct error *e)
{
    return page->cursor ? ask_refs(q, page, a, out, e) : ask_capabilities(q, a, out, e);
}

/* Ask for the refs where the first request ended up: a repository that moved answers there. */
static void next_page(const struct git_query *q, const struct response *response,
                      struct slice format, struct arena *a, struct candidates *out)
{
    struct slice url = slice_of(response->url);
    if (slice_ends(url, SLICE(SERVICE)))
        url.len -= sizeof SERVICE - 1;
    else
        url = without_slashes(q->repository);
    out->more = true;
    out->next.cursor = arena_printf(a, "%.*s %.*s", SLICE_ARG(format), SLICE_ARG(url));
}

/* The capabilities of a version 2 server, a line each. */
static bool read_capabilities(struct slice body, struct slice *format, struct error *e)
{
    bool ls_refs_offered = false;
    struct pkt pkt = {.kind = PKT_LINE};
    while (pkt.kind == PKT_LINE) {
        if (!pkt_read(&body, &pkt, e))
            return false;
        ls_refs_offered |=
            slice_is(pkt.line, "ls-refs") || slice_starts(pkt.line, SLICE("ls-refs="));
        if (slice_starts(pkt.line, SLICE("object-format=")))
            *format = slice_from(pkt.line, sizeof "object-format=" - 1);
    }
    if (!ls_refs_offered)
        return error_set(e, ERROR_UPSTREAM, "the git server does not offer to list refs");
    if (!slice_is(*format, "sha1") && !slice_is(*format, "sha256"))
        return error_set(e, ERROR_UPSTREAM, "the git server's object format is unknown");
    return true;
}

/* Smart HTTP puts "# service=git-upload-pack" and a flush before what the service says. */
static bool skip_service(struct slice *body, struct error *e)
{
    struct slice rest = *body;
    struct pkt pkt;
    if (!pkt_read(&rest, &pkt, e))
        return false;
    if (pkt.kind != PKT_LINE || !slice_starts(pkt.line, SLICE("# service=")))
        return true;
    if (!pkt_read(&rest, &pkt, e))
        return false;
    if (pkt.kind != PKT_FLUSH)
        return error_set(e, ERROR_UPSTREAM, "the git server's greeting is broken");
    *body = rest;
    return true;
}

/* Page 0: what a version 2 server can do, or all refs of an older one (or of a local repository).
 */
static bool read_greeting(const struct git_query *q, const struct response *response,
                          struct arena *a, struct candidates *out, struct error *e)
{
    struct slice body = response->body, format = SLICE("sha1");
    if (!skip_service(&body, e))
        return false;
    struct slice rest = body;
    struct pkt pkt;
    if (!pkt_read(&rest, &pkt, e))
        return false;
    if (pkt.kind != PKT_LINE || !slice_starts(pkt.line, SLICE("version ")))
        return git_refs_read(q, body, a, out, e);
    if (slice_is(pkt.line, "version 1"))
        return git_refs_read(q, rest, a, out, e);
    if (!slice_is(pkt.line, "version 2"))
        return error_set(e, ERROR_UPSTREAM, "the git server speaks an unknown %s",
                         answer_shown(a, pkt.line));
    if (!read_capabilities(rest, &format, e))
        return false;
    next_page(q, response, format, a, out);
    return true;
}

bool git_query_parse(const struct git_query *q, const struct page *page,
                     const struct response *response, struct arena *a, struct candidates *out,
                     struct error *e)
{
    if (!answer_no_page(response, "a git server's answer", e))
        return false;
    if (!page->cursor && git_refs_is_file(response->body))
        return git_refs_read_file(q, response->body, a, out, e);
    if (!pkt_starts(response->body))
        return error_set(e, ERROR_UPSTREAM, "the answer is not a git server's");
    return page->cursor ? git_refs_read(q, response->body, a, out, e)
                        : read_greeting(q, response, a, out, e);
}

static struct git_query query_of(const struct spec *spec)
{
    return (struct git_query){
        .repository = spec_value(spec, "repository"),
        .branch = spec_value(spec, "branch"),
        .prefix = spec->prefix,
    };
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct git_query q = query_of(spec);
    return git_query_request(&q, page, a, out, e);
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct git_query q = query_of(spec);
    return git_query_parse(&q, page, response, a, out, e);
}

const struct source source_git = {
    .name = "git",
    .summary = "tags, or the head of a branch, of any git repository",
    .example = "git: https://git.example.org/project.git",
    .keys = {{"repository", KEY_URL, true, NULL, "URL of the repository (https or file)", NULL},
             {"branch", KEY_TEXT, false, NULL,
              "follow this branch's head (HEAD: the default branch's) instead of tags", NULL}},
    .request = request,
    .parse = parse,
};
