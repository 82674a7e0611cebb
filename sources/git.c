/* git: tags or a branch head of any repository, by protocol version 2 over smart HTTP
 * (gitprotocol-v2, gitprotocol-http). */
#include "sources/git.h"

#include "sources/answer.h"
#include "sources/pktline.h"
#include "watcher/base/url.h"

#define SERVICE "/info/refs?service=git-upload-pack"

enum { OID_SHA1 = 40, OID_SHA256 = 64 };

/* Reading refs: where candidates go, and the tag that a "^{}" line may follow. */
struct reader {
    const struct git_query *q;
    struct arena *a;
    struct candidates *out;
    struct slice last; /* the name of the ref read last */
    bool last_added;   /* it became the last candidate */
    bool branch_found;
    struct error *e;
};

static bool check_repository(struct slice repository, struct error *e)
{
    struct url url;
    if (!url_parse(repository, &url))
        return error_set(e, ERROR_USAGE, "repository is not a URL");
    if (url.query.ptr || url.fragment.ptr)
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

static bool is_oid(struct slice s)
{
    if (s.len != OID_SHA1 && s.len != OID_SHA256)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]) && !(s.ptr[i] >= 'a' && s.ptr[i] <= 'f'))
            return false;
    return true;
}

/* The object behind a tag object among the attributes of an ls-refs line; *peeled stays as it is
 * when there is none. */
static bool find_peeled(struct slice attributes, struct slice *peeled)
{
    struct slice attribute;
    while (slice_split(&attributes, ' ', &attribute))
        if (slice_starts(attribute, SLICE("peeled:"))) {
            *peeled = slice_from(attribute, 7);
            return is_oid(*peeled);
        }
    return true;
}

static struct candidate *add_candidate(struct reader *r, struct slice raw, struct slice commit)
{
    struct candidate *c = vec_add(r->a, &r->out->list);
    c->raw = arena_text(r->a, raw);
    c->commit = arena_text(r->a, commit);
    return c;
}

/* "NAME^{}" of version 0 names the object behind the tag of the line before. */
static bool add_peeled(struct reader *r, struct slice name, struct slice oid)
{
    if (!slice_equal(name, r->last))
        return error_set(r->e, ERROR_UPSTREAM, "the git server peels %s, which it has not named",
                         answer_shown(r->a, name));
    if (r->last_added)
        r->out->list.items[r->out->list.count - 1].commit = arena_text(r->a, oid);
    return true;
}

/* Control characters are kept, choosing reports them; git allows none, and no name can hold NUL. */
static bool add_tag(struct reader *r, struct slice name, struct slice oid)
{
    struct slice tag = slice_from(name, sizeof "refs/tags/" - 1);
    r->last_added = tag.len > 0 && slice_find_byte(tag, '\n') == SLICE_NONE;
    if (r->last_added)
        add_candidate(r, tag, oid);
    return true;
}

static bool is_wanted_branch(const struct reader *r, struct slice name)
{
    const char *branch = r->q->branch;
    if (slice_is(slice_of(branch), "HEAD"))
        return slice_is(name, "HEAD");
    return slice_starts(name, SLICE("refs/heads/")) &&
           slice_is(slice_from(name, sizeof "refs/heads/" - 1), branch);
}

static bool add_ref(struct reader *r, struct slice name, struct slice oid)
{
    r->last = name;
    r->last_added = false;
    if (!r->q->branch)
        return !slice_starts(name, SLICE("refs/tags/")) || add_tag(r, name, oid);
    if (!r->branch_found && is_wanted_branch(r, name)) {
        add_candidate(r, oid, oid);
        r->branch_found = true;
    }
    return true;
}

/* "OID NAME[ ATTRIBUTE]..." of version 2, "OID NAME[^{}][NUL CAPABILITIES]" of versions 0 and 1. */
static bool read_ref(struct reader *r, struct slice line)
{
    struct slice rest = line, oid, name;
    if (slice_starts(line, SLICE("shallow ")))
        return true;
    if (!slice_split(&rest, ' ', &oid) || !is_oid(oid) || !rest.ptr)
        return error_set(r->e, ERROR_UPSTREAM, "the git server sent a line that is no ref: %s",
                         answer_shown(r->a, line));
    rest = slice_first(rest, slice_find_byte(rest, '\0'));
    slice_split(&rest, ' ', &name);
    if (slice_is(name, "capabilities^{}"))
        return true;
    if (slice_ends(name, SLICE("^{}")))
        return add_peeled(r, slice_first(name, name.len - 3), oid);
    if (!find_peeled(rest, &oid))
        return error_set(r->e, ERROR_UPSTREAM, "the git server sent a ref with a broken peel: %s",
                         answer_shown(r->a, line));
    return add_ref(r, name, oid);
}

static bool read_refs(struct reader *r, struct slice body)
{
    struct pkt pkt = {.kind = PKT_LINE};
    while (pkt.kind == PKT_LINE) {
        if (!pkt_read(&body, &pkt, r->e))
            return false;
        if (pkt.kind == PKT_LINE && !read_ref(r, pkt.line))
            return false;
    }
    if (pkt.kind != PKT_FLUSH)
        return error_set(r->e, ERROR_UPSTREAM, "the git server's list of refs is cut off");
    if (r->q->branch && !r->branch_found)
        return error_set(r->e, ERROR_UPSTREAM, "the repository has no branch %s",
                         answer_shown(r->a, slice_of(r->q->branch)));
    return true;
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
static bool read_greeting(struct reader *r, const struct response *response)
{
    struct slice body = response->body, format = SLICE("sha1");
    if (!skip_service(&body, r->e))
        return false;
    struct slice rest = body;
    struct pkt pkt;
    if (!pkt_read(&rest, &pkt, r->e))
        return false;
    if (pkt.kind == PKT_LINE && slice_is(pkt.line, "version 2")) {
        if (!read_capabilities(rest, &format, r->e))
            return false;
        next_page(r->q, response, format, r->a, r->out);
        return true;
    }
    bool versioned = pkt.kind == PKT_LINE && slice_is(pkt.line, "version 1");
    return read_refs(r, versioned ? rest : body);
}

bool git_query_parse(const struct git_query *q, const struct page *page,
                     const struct response *response, struct arena *a, struct candidates *out,
                     struct error *e)
{
    struct reader r = {.q = q, .a = a, .out = out, .e = e};
    if (!answer_no_page(response, "a git server's answer", e))
        return false;
    if (!pkt_starts(response->body))
        return error_set(e, ERROR_UPSTREAM, "the answer is not a git server's");
    return page->cursor ? read_refs(&r, response->body) : read_greeting(&r, response);
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
