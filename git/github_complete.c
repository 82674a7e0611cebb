/* What a proposal gets beside its texts: labels, people, a milestone. The proposal stands already,
 * so whatever GitHub does not take is only told. */
#include "git/github_parts.h"

#include <string.h>

/* What is still to be added. */
struct missing {
    struct texts labels, assignees, reviewers, team_reviewers;
    const char *milestone;
};

struct completing {
    struct forge_session *session;
    struct arena arena;
    const struct proposal *proposal;
};

/* "owner/team" is how people write a team. */
static const char *slug_of(const char *team)
{
    const char *slash = strrchr(team, '/');
    return slash ? slash + 1 : team;
}

static void find(struct completing *c, const struct texts *wanted, const struct texts *have,
                 struct texts *out)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const char *text = wanted->items[i];
        if (text && *text && !texts_have(have, text) && !texts_have(out, text))
            vec_push(&c->arena, out, text);
    }
}

static void find_missing(struct completing *c, const struct proposal_text *text,
                         const struct texts *labels, struct missing *out)
{
    const struct proposal *p = c->proposal;
    struct texts teams = {0};
    *out = (struct missing){0};
    find(c, labels, &p->labels, &out->labels);
    find(c, &text->assignees, &p->assignees, &out->assignees);
    if (text->milestone && *text->milestone && !p->milestone)
        out->milestone = text->milestone;
    if (p->kind != PROPOSAL_PULL)
        return;
    for (size_t i = 0; i < text->team_reviewers.count; i++)
        if (text->team_reviewers.items[i])
            vec_push(&c->arena, &teams, slug_of(text->team_reviewers.items[i]));
    find(c, &text->reviewers, &p->reviewers, &out->reviewers);
    find(c, &teams, &p->team_reviewers, &out->team_reviewers);
}

static bool misses_any(const struct missing *m)
{
    return m->labels.count || m->assignees.count || m->reviewers.count || m->team_reviewers.count ||
           m->milestone;
}

static void forget(struct texts *texts, const struct texts *had)
{
    size_t kept = 0;
    for (size_t i = 0; i < texts->count; i++)
        if (!texts_have(had, texts->items[i]))
            texts->items[kept++] = texts->items[i];
    texts->count = kept;
}

/* What stood there once was taken off by somebody, or answered: a review that was given is no
 * longer asked for. */
static bool forget_past(struct completing *c, struct missing *m, struct error *e)
{
    struct history past;
    if (!github_history(c->session, &c->arena, c->proposal, &past, e))
        return false;
    c->session->written = c->proposal->number;
    c->session->auto_merge_off = past.auto_merge_off;
    forget(&m->labels, &past.labels);
    forget(&m->assignees, &past.assignees);
    forget(&m->reviewers, &past.reviewers);
    forget(&m->team_reviewers, &past.team_reviewers);
    if (past.milestones.count)
        m->milestone = NULL;
    return true;
}

static json_t *list_of(const struct texts *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts->count; i++)
        json_array_append_new(list, github_string(texts->items[i]));
    return list;
}

static void tell(const struct completing *c, const struct error *e)
{
    log_warning(c->session->ctx, "%s: %s", c->proposal->url, e->message);
}

/* Send a body to a place below the proposal; the status, 0 for no answer. */
static int add(struct completing *c, const char *method, const char *kind, const char *place,
               json_t *body, const char *what, bool quiet)
{
    struct error e = {0};
    struct reply r;
    struct call call = {
        .method = method,
        .path = github_path(c->session, &c->arena, "/%s/%llu%s", kind, c->proposal->number, place),
        .body = body,
        .harmless = true,
    };
    bool good = github_do(c->session, &c->arena, &call, what, &r, &e);
    if (!good && !(quiet && r.response.status == 422))
        tell(c, &e);
    return r.response.status;
}

static void add_labels(struct completing *c, const struct texts *labels)
{
    if (labels->count)
        add(c, "POST", "issues", "/labels", json_pack("{s:o}", "labels", list_of(labels)),
            "add labels", false);
}

/* Who cannot be assigned is passed over without a word, so the answer is looked at. */
static void add_assignees(struct completing *c, const struct texts *people)
{
    struct error e = {0};
    struct reply r;
    struct proposal now;
    if (!people->count)
        return;
    struct call call = {
        .method = "POST",
        .path = github_path(c->session, &c->arena, "/issues/%llu/assignees", c->proposal->number),
        .body = json_pack("{s:o}", "assignees", list_of(people)),
        .harmless = true,
    };
    if (!github_do(c->session, &c->arena, &call, "assign people", &r, &e) ||
        !github_read_issue(r.json, &c->arena, &now, &e)) {
        tell(c, &e);
        return;
    }
    for (size_t i = 0; i < people->count; i++)
        if (!texts_have(&now.assignees, people->items[i]))
            log_warning(c->session->ctx, "%s: %s cannot be assigned there", c->proposal->url,
                        people->items[i]);
}

static int ask_review(struct completing *c, const struct texts *people, const struct texts *teams,
                      bool quiet)
{
    json_t *body = json_object();
    if (people->count)
        json_object_set_new(body, "reviewers", list_of(people));
    if (teams->count)
        json_object_set_new(body, "team_reviewers", list_of(teams));
    return add(c, "POST", "pulls", "/requested_reviewers", body, "request reviews", quiet);
}

/* GitHub takes all of them or none, so that one who is no collaborator would shut out the others.
 */
static void add_reviewers(struct completing *c, const struct missing *m)
{
    const struct texts none = {0};
    size_t all = m->reviewers.count + m->team_reviewers.count;
    if (all == 0 || ask_review(c, &m->reviewers, &m->team_reviewers, all > 1) != 422 || all == 1)
        return;
    for (size_t i = 0; i < m->reviewers.count; i++)
        ask_review(c, &(struct texts){&m->reviewers.items[i], 1, 1}, &none, false);
    for (size_t i = 0; i < m->team_reviewers.count; i++)
        ask_review(c, &none, &(struct texts){&m->team_reviewers.items[i], 1, 1}, false);
}

struct milestone {
    const char *title;
    long long number; /* 0 = not found */
};

static bool take_milestone(void *arg, const json_t *item, struct error *e)
{
    struct milestone *m = arg;
    (void)e;
    if (slice_is(json_text(item, "title"), m->title))
        m->number = json_number(item, "number", 0);
    return m->number == 0;
}

static void add_milestone(struct completing *c, const char *title)
{
    struct error e = {0};
    struct milestone m = {title, 0};
    if (!title)
        return;
    const char *path =
        github_path(c->session, &c->arena, "/milestones?state=%s&per_page=100", "open");
    if (!github_pages(c->session, path, "list milestones", take_milestone, &m, &e))
        tell(c, &e);
    else if (m.number == 0)
        log_warning(c->session->ctx, "%s: the repository has no open milestone %s",
                    c->proposal->url, title);
    else
        add(c, "PATCH", "issues", "", json_pack("{s:I}", "milestone", (json_int_t)m.number),
            "set the milestone", false);
}

bool github_complete(struct forge_session *s, const struct proposal *p,
                     const struct proposal_text *text, const struct texts *labels, bool fresh,
                     struct error *e)
{
    struct completing c = {.session = s, .proposal = p};
    struct missing m;
    find_missing(&c, text, labels, &m);
    s->written = fresh ? p->number : 0;
    s->auto_merge_off = false; /* of a fresh one; others' history says */
    bool good = fresh || !misses_any(&m) || forget_past(&c, &m, e);
    if (good) {
        add_labels(&c, &m.labels);
        add_assignees(&c, &m.assignees);
        add_reviewers(&c, &m);
        add_milestone(&c, m.milestone);
    }
    arena_free(&c.arena);
    return good;
}
