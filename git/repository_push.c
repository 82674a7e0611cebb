/* gitprotocol-pack's push. A command names where the ref is to be before and after; the server
 * compares and writes under one lock, so that of two pushers one wins: that is the lease. */
#include "git/connection.h"
#include "git/pack.h"

#include <string.h>

enum { REPORT_MAX = 64 << 10 };

struct push {
    struct repository *r;
    const char *branch, *ref;
    git_oid expected, to; /* zero = absent */
    struct arena arena;
};

/* Deletion sends no pack. */
static bool is_delete(const struct push *p)
{
    return git_oid_is_zero(&p->to);
}

static const char *shown(const git_oid *id)
{
    return git_oid_is_zero(id) ? "absent" : git_oid_tostr_s(id);
}

static bool conflict(struct push *p, const git_oid *found, struct error *e)
{
    struct oid there = oid_of(found), wanted = oid_of(&p->expected);
    if (!wanted.hex[0])
        return error_set(e, ERROR_CONFLICT, "branch %s is there already, at %s", p->branch,
                         there.hex);
    return error_set(e, ERROR_CONFLICT,
                     "branch %s is no longer at %s, where mwatch left it: it is %s%s", p->branch,
                     wanted.hex, there.hex[0] ? "at " : "gone", there.hex);
}

static git_oid where(const struct connection *c, const struct push *p)
{
    git_oid none = {{0}};
    const git_oid *found = connection_find(c, p->ref);
    return found ? *found : none;
}

/* Everything the remote shows, and what it showed when we fetched: it still has that unless
 * somebody rewrote the base meanwhile, and then it says so itself. */
static void know_theirs(struct connection *c, struct oid_set *theirs)
{
    struct repository *r = c->r;
    for (size_t i = 0; i < c->head_count; i++)
        oid_set_add(theirs, &c->heads[i]->oid);
    oid_set_add(theirs, &r->base_tip);
    for (size_t i = 0; i < r->branches.count; i++)
        oid_set_add(theirs, &r->branches.items[i].tip);
}

struct sending {
    struct connection *c;
    struct error *e;
};

static int send_part(void *bytes, size_t size, void *param)
{
    struct sending *s = param;
    return connection_send(s->c, slice_new(bytes, size), s->e) ? 0 : GIT_EUSER;
}

static bool send_command(struct connection *c, struct push *p, struct error *e)
{
    static const char capabilities[] = " report-status side-band-64k agent=mwatch/" MWATCH_VERSION;
    char before[GIT_OID_HEXSZ + 1], after[GIT_OID_HEXSZ + 1];
    struct buf line = {0}, out = {0};
    git_oid_tostr(before, sizeof before, &p->expected);
    git_oid_tostr(after, sizeof after, &p->to);
    buf_addf(&line, "%s %s %s", before, after, p->ref);
    buf_add_byte(&line, '\0');
    buf_add_text(&line, capabilities);
    pkt_add(&out, buf_slice(&line));
    pkt_add_flush(&out);
    bool good = connection_send(c, buf_slice(&out), e);
    buf_free(&line);
    buf_free(&out);
    return good;
}

/* The pack is chosen before anything is said, so that a failure leaves the server alone. */
static bool send_push(struct connection *c, struct push *p, struct error *e)
{
    struct oid_set theirs = {.arena = &p->arena};
    struct sending s = {c, e};
    git_packbuilder *pack = NULL;
    if (is_delete(p))
        return send_command(c, p, e);
    know_theirs(c, &theirs);
    if (git_packbuilder_new(&pack, p->r->own) != 0)
        return git_fail(e, ERROR_SYSTEM, "cannot make a pack");
    bool good = pack_commits(p->r, pack, &p->to, &theirs, e) && send_command(c, p, e);
    if (good && git_packbuilder_foreach(pack, send_part, &s) != 0)
        good = git_fail(e, ERROR_SYSTEM, "cannot make a pack");
    git_packbuilder_free(pack);
    return good;
}

/* "unpack ok", then "ok REF" or "ng REF reason"; *reason gets what speaks against it, NULL when all
 * is well. */
static bool parse_report(struct push *p, struct slice report, const char **reason, struct error *e)
{
    struct pkt pkt;
    *reason = "it did not say what became of the branch";
    while (report.len && pkt_read(&report, &pkt, e) && pkt.kind == PKT_LINE) {
        if (slice_starts(pkt.line, SLICE("unpack ")) && !slice_is(pkt.line, "unpack ok")) {
            *reason = arena_text(&p->arena, pkt.line);
            break;
        }
        if (slice_starts(pkt.line, SLICE("ok ")))
            *reason = NULL;
        struct slice rest = pkt.line, word;
        if (slice_starts(pkt.line, SLICE("ng ")) && slice_split(&rest, ' ', &word) &&
            slice_split(&rest, ' ', &word))
            *reason = arena_text(&p->arena, rest);
    }
    if (error_is_set(e))
        e->code = ERROR_NETWORK;
    return !error_is_set(e);
}

static bool read_report(struct connection *c, struct push *p, const char **reason, struct error *e)
{
    struct buf report = BUF_MAX(REPORT_MAX);
    struct pkt pkt = {.kind = PKT_LINE};
    while (connection_read_data(c, &pkt, e) && pkt.kind == PKT_LINE)
        if (!buf_add(&report, pkt.bytes))
            error_set(e, ERROR_NETWORK, "%s answers too much", p->r->public_url);
    bool good = !error_is_set(e) && parse_report(p, buf_slice(&report), reason, e);
    buf_free(&report);
    return good;
}

/* Ask again where the branch is. */
static bool look(struct push *p, git_oid *found, struct error *e)
{
    struct connection c;
    bool good = connection_open(&c, p->r, SERVICE_PUSH, e);
    if (good)
        *found = where(&c, p);
    connection_close(&c);
    return good;
}

/* The server's answer is one thing, where the branch is now another; the second counts. */
static bool judge(struct push *p, const char *reason, const char *words, struct error *e)
{
    git_oid found;
    if (!look(p, &found, e))
        return error_context(e, "pushed %s, but cannot see what became of it", p->branch);
    if (git_oid_equal(&found, &p->to))
        return true;
    if (!git_oid_equal(&found, &p->expected))
        return conflict(p, &found, e);
    if (!reason)
        return error_set(e, ERROR_REFUSED, "%s took the push of %s, yet the branch is %s%s%s",
                         p->r->public_url, p->branch, shown(&found), *words ? ": " : "", words);
    return error_set(e, ERROR_REFUSED, "%s refuses the push of %s: %s%s%s", p->r->public_url,
                     p->branch, reason, *words ? ": " : "", words);
}

/* *done tells that the server has spoken, and has yet to be checked. */
static bool talk(struct push *p, bool *done, const char **reason, const char **words,
                 struct error *e)
{
    struct connection c;
    bool good = connection_open(&c, p->r, SERVICE_PUSH, e);
    if (good) {
        git_oid found = where(&c, p);
        bool there = git_oid_equal(&found, &p->to);
        if (!there && !git_oid_equal(&found, &p->expected))
            good = conflict(p, &found, e);
        *done = good && !there;
        if (*done)
            good = send_push(&c, p, e) && read_report(&c, p, reason, e);
    }
    *words = connection_said(&c, &p->arena);
    connection_close(&c);
    return good;
}

static bool move(struct push *p, struct error *e)
{
    const char *reason = NULL, *words = "";
    bool done = false;
    bool good = talk(p, &done, &reason, &words, e) && (!done || judge(p, reason, words, e));
    if (good && *words)
        log_info(p->r->ctx, "%s: %s", p->r->public_url, words);
    return good;
}

static bool check_branch(struct repository *r, const char *branch, const char *ref, struct error *e)
{
    int valid = 0;
    if (git_reference_name_is_valid(&valid, ref) != 0 || !valid)
        return error_set(e, ERROR_USAGE, "\"%s\" is no name for a branch", branch);
    if (r->base && strcmp(branch, r->base) == 0)
        return error_set(e, ERROR_USAGE, "%s is the base branch: mwatch never pushes to it",
                         branch);
    return true;
}

static bool parse_ends(struct push *p, const struct oid *expected, const struct oid *to,
                       struct error *e)
{
    return (!expected->hex[0] || oid_parse(expected, &p->expected, e)) &&
           (!to->hex[0] || oid_parse(to, &p->to, e));
}

static bool push_branch(struct repository *r, const char *branch, const struct oid *expected,
                        const struct oid *to, struct error *e)
{
    struct push p = {.r = r, .branch = branch};
    p.ref = arena_printf(&p.arena, "refs/heads/%s", branch);
    bool good = check_branch(r, branch, p.ref, e) && parse_ends(&p, expected, to, e) && move(&p, e);
    arena_free(&p.arena);
    return good;
}

bool repository_push(struct repository *r, const char *branch, const struct oid *expected,
                     const struct oid *to, struct error *e)
{
    if (!to->hex[0])
        return error_set(e, ERROR_USAGE, "no commit to push to %s", branch);
    return push_branch(r, branch, expected, to, e);
}

bool repository_delete(struct repository *r, const char *branch, const struct oid *expected,
                       struct error *e)
{
    static const struct oid gone = {""};
    if (!expected->hex[0])
        return error_set(e, ERROR_USAGE, "no commit to delete %s from", branch);
    return push_branch(r, branch, expected, &gone, e);
}
