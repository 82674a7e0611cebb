/* gitprotocol-pack's fetch: what we want, where our history is cut and is to be cut, what we have;
 * then the server's pack. */
#include "git/fetch.h"

#include "git/oid_set.h"

#include <git2/odb_backend.h>
#include <string.h>

enum {
    DEPTH = 2, /* a tip and its parent: what a three-way merge of one commit needs */
    MOST_TIPS = 64,
    MOST_HAVES = 256, /* libgit2's own number; git doubles its steps and goes further */
};

struct haves {
    struct repository *r;
    struct arena *a;
    struct oid_set seen;
    struct oid_list list;
};

static void add_have(struct haves *h, const git_oid *id)
{
    git_commit *commit = NULL;
    if (h->list.count < MOST_TIPS && git_commit_lookup(&commit, h->r->own, id) == 0 &&
        oid_set_add(&h->seen, id))
        vec_push(h->a, &h->list, *id);
    git_commit_free(commit);
}

static void add_ref(struct haves *h, const char *name)
{
    git_oid id;
    if (git_reference_name_to_id(&id, h->r->user, name) == 0)
        add_have(h, &id);
}

static void add_refs(struct haves *h, const char *glob)
{
    git_reference_iterator *all = NULL;
    const char *name;
    if (git_reference_iterator_glob_new(&all, h->r->user, glob) == 0)
        while (h->list.count < MOST_TIPS && git_reference_next_name(&name, all) == 0)
            add_ref(h, name);
    git_reference_iterator_free(all);
}

/* Behind the tips, newest first: local commits the server does not know may stand before those it
 * does. Where history is cut the walk ends in an error, and the tips are all there is. */
static void add_history(struct haves *h)
{
    git_revwalk *walk = NULL;
    git_oid id;
    if (repository_is_cut(h->r) || git_revwalk_new(&walk, h->r->own) != 0)
        return;
    git_revwalk_sorting(walk, GIT_SORT_TIME);
    for (size_t i = 0; i < h->list.count; i++)
        git_revwalk_push(walk, &h->list.items[i]);
    while (h->list.count < MOST_HAVES && git_revwalk_next(&id, walk) == 0)
        if (oid_set_add(&h->seen, &id))
            vec_push(h->a, &h->list, id);
    git_revwalk_free(walk);
}

static void collect_haves(struct haves *h)
{
    if (h->r->partial)
        return;
    add_ref(h, "HEAD");
    if (h->r->base)
        add_refs(h, arena_printf(h->a, "refs/remotes/*/%s", h->r->base));
    add_refs(h, "refs/heads/*");
    add_refs(h, "refs/remotes/*");
    add_history(h);
}

static void add_line(struct buf *out, const char *word, const git_oid *id, const char *more)
{
    struct oid hex = oid_of(id);
    struct buf line = {0};
    buf_addf(&line, "%s %s%s", word, hex.hex, more);
    pkt_add(out, buf_slice(&line));
    buf_free(&line);
}

/* Of the places where the user's history is cut the server must know, as it takes all that is
 * behind a commit we have for something we have. */
static void add_cuts(struct repository *r, struct buf *out)
{
    git_odb *odb = NULL;
    if (!repository_is_cut(r) || git_repository_odb(&odb, r->own) != 0)
        return;
    for (size_t i = 0; i < r->shallow.count && !r->partial; i++)
        if (git_odb_exists(odb, &r->shallow.items[i]))
            add_line(out, "shallow", &r->shallow.items[i], "");
    git_odb_free(odb);
    struct buf depth = {0};
    buf_addf(&depth, "deepen %d", DEPTH);
    pkt_add(out, buf_slice(&depth));
    buf_free(&depth);
}

static bool send_request(struct connection *c, const git_oid *wanted, size_t count, struct error *e)
{
    struct arena a = {0};
    struct haves h = {.r = c->r, .a = &a, .seen = {.arena = &a}};
    struct buf out = {0};
    for (size_t i = 0; i < count; i++)
        add_line(&out, "want", &wanted[i],
                 i ? ""
                   : " side-band-64k ofs-delta thin-pack no-progress agent=mwatch/" MWATCH_VERSION);
    add_cuts(c->r, &out);
    pkt_add_flush(&out);
    collect_haves(&h);
    for (size_t i = 0; i < h.list.count; i++)
        add_line(&out, "have", &h.list.items[i], "");
    pkt_add(&out, SLICE("done"));
    bool good = connection_send(c, buf_slice(&out), e);
    buf_free(&out);
    arena_free(&a);
    return good;
}

/* Where the server cuts history (told up to a flush), and the first commit that both have. */
static bool read_answer(struct connection *c, struct error *e)
{
    struct pkt pkt;
    if (repository_is_cut(c->r))
        do {
            if (!connection_read(c, &pkt, e))
                return false;
            if (pkt.kind == PKT_LINE && !slice_starts(pkt.line, SLICE("shallow ")) &&
                !slice_starts(pkt.line, SLICE("unshallow ")))
                return error_set(e, ERROR_NETWORK,
                                 "%s cannot serve a shallow clone: fetch the whole history (git "
                                 "fetch --unshallow)",
                                 c->r->public_url);
        } while (pkt.kind == PKT_LINE);
    if (!connection_read(c, &pkt, e))
        return false;
    return slice_is(pkt.line, "NAK") || slice_starts(pkt.line, SLICE("ACK ")) ||
           error_set(e, ERROR_NETWORK, "%s does not speak git's protocol", c->r->public_url);
}

static bool read_pack(struct connection *c, git_odb *odb, struct error *e)
{
    git_odb_writepack *pack = NULL;
    git_indexer_progress progress = {0};
    struct pkt pkt = {.kind = PKT_LINE};
    int status = git_odb_write_pack(&pack, odb, NULL, NULL);
    while (status == 0 && connection_read_data(c, &pkt, e) && pkt.kind == PKT_LINE)
        status = pack->append(pack, pkt.bytes.ptr, pkt.bytes.len, &progress);
    if (status == 0 && !error_is_set(e))
        status = pack->commit(pack, &progress);
    if (pack)
        pack->free(pack);
    if (status != 0)
        git_fail(e, ERROR_NETWORK, "cannot keep what %s sent", c->r->public_url);
    return !error_is_set(e);
}

static bool all_here(struct connection *c, git_odb *odb, const git_oid *wanted, size_t count,
                     struct error *e)
{
    git_odb_refresh(odb);
    for (size_t i = 0; i < count; i++)
        if (!git_odb_exists(odb, &wanted[i]))
            return error_set(e, ERROR_NETWORK, "%s did not send commit %s", c->r->public_url,
                             oid_of(&wanted[i]).hex);
    return true;
}

bool fetch_commits(struct connection *c, const git_oid *wanted, size_t count, struct error *e)
{
    git_odb *odb = NULL;
    if (git_repository_odb(&odb, c->r->own) != 0)
        return git_fail(e, ERROR_SYSTEM, "cannot open the objects");
    bool good = send_request(c, wanted, count, e) && read_answer(c, e) && read_pack(c, odb, e) &&
                all_here(c, odb, wanted, count, e);
    git_odb_free(odb);
    return good;
}
