#include "sources/git_refs.h"

#include "sources/answer.h"
#include "watcher/base/pktline.h"

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

/* "OID NAME[ ATTRIBUTE]..." of version 2, "OID NAME[^{}][NUL CAPABILITIES]" of versions 0 and 1,
 * "OID<tab>NAME[^{}]" in a file. */
static bool read_ref(struct reader *r, struct slice line, char separator)
{
    struct slice rest = line, oid, name;
    if (slice_starts(line, SLICE("shallow ")))
        return true;
    if (!slice_split(&rest, separator, &oid) || !is_oid(oid) || !rest.ptr)
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

static bool has_branch(struct reader *r)
{
    if (!r->q->branch || r->branch_found)
        return true;
    return error_set(r->e, ERROR_UPSTREAM, "the repository has no branch %s",
                     answer_shown(r->a, slice_of(r->q->branch)));
}

bool git_refs_read(const struct git_query *q, struct slice body, struct arena *a,
                   struct candidates *out, struct error *e)
{
    struct reader r = {.q = q, .a = a, .out = out, .e = e};
    struct pkt pkt = {.kind = PKT_LINE};
    while (pkt.kind == PKT_LINE) {
        if (!pkt_read(&body, &pkt, e))
            return false;
        if (pkt.kind == PKT_LINE && !read_ref(&r, pkt.line, ' '))
            return false;
    }
    if (pkt.kind != PKT_FLUSH)
        return error_set(e, ERROR_UPSTREAM, "the git server's list of refs is cut off");
    return has_branch(&r);
}

bool git_refs_is_file(struct slice body)
{
    size_t tab = slice_find_byte(slice_first(body, OID_SHA256 + 1), '\t');
    return tab != SLICE_NONE && is_oid(slice_first(body, tab));
}

bool git_refs_read_file(const struct git_query *q, struct slice body, struct arena *a,
                        struct candidates *out, struct error *e)
{
    struct reader r = {.q = q, .a = a, .out = out, .e = e};
    struct slice line;
    if (!slice_ends(body, SLICE("\n")))
        return error_set(e, ERROR_UPSTREAM, "the git server's list of refs is cut off");
    while (slice_line(&body, &line))
        if (!read_ref(&r, line, '\t'))
            return false;
    return has_branch(&r);
}
