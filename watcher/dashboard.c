#include "watcher/dashboard.h"

#include "watcher/dashboard_text.h"
#include "watcher/propose_parts.h"

#include <string.h>

static const char *title_of(const struct config_proposing *config)
{
    return config->dashboard_title ? config->dashboard_title : "What mwatch watches";
}

/* All issues of insiders with the marker. */
static bool read_issues(struct proposer *p, struct proposals *out, struct error *e)
{
    struct proposals all = {0};
    if (!p->forge->issues_with(p->session, &p->arena, DASHBOARD_MARKER, &all, e))
        return false;
    for (size_t i = 0; i < all.list.count; i++)
        if (!all.list.items[i].outsider)
            vec_push(&p->arena, &out->list, all.list.items[i]);
    return true;
}

/* The lowest number that is open, else the lowest. */
static struct proposal *pick(const struct proposals *all)
{
    struct proposal *found = NULL;
    for (size_t i = 0; i < all->list.count; i++) {
        struct proposal *one = &all->list.items[i];
        bool open = one->state == PROPOSAL_OPEN;
        bool better = found && open != (found->state == PROPOSAL_OPEN) ? open
                      : found                                          ? one->number < found->number
                                                                       : true;
        found = better ? one : found;
    }
    return found;
}

void dashboard_obey(struct proposer *p, struct components *found)
{
    struct proposals all = {0};
    struct error e = {0};
    if (!p->config->dashboard)
        return;
    if (!read_issues(p, &all, &e)) {
        log_warning(p->ctx, "the dashboard could not be read, so no box is obeyed: %s", e.message);
        return;
    }
    const struct proposal *issue = pick(&all);
    for (size_t i = 0; issue && issue->state == PROPOSAL_OPEN && i < found->count; i++) {
        struct arena a = {0};
        struct component *c = found->items[i];
        c->asked_open = dashboard_is_ticked(issue->body, dashboard_ask(&a, false, c));
        c->asked_rebase = dashboard_is_ticked(issue->body, dashboard_ask(&a, true, c));
        if (c->asked_open)
            c->minimum_age = 0;
        arena_free(&a);
    }
}

static bool create(struct proposer *p, const char *body, struct error *e)
{
    struct proposal made;
    struct proposal_text text = {.title = title_of(p->config), .body = body};
    for (size_t i = 0; i < p->config->dashboard_labels.count; i++)
        vec_push(&p->arena, &text.labels, p->config->dashboard_labels.items[i]);
    return p->forge->create(p->session, &p->arena, PROPOSAL_ISSUE, &text, &made, e);
}

/* Another run may have opened one at the same time: the lower number stays. */
static bool close_doubles(struct proposer *p, const struct proposals *all,
                          const struct proposal *kept, struct error *e)
{
    for (size_t i = 0; i < all->list.count; i++) {
        struct proposal *one = &all->list.items[i];
        const char *comment = arena_printf(&p->arena, "A duplicate of #%llu.", kept->number);
        if (one != kept && one->state == PROPOSAL_OPEN &&
            !p->forge->close_proposal(p->session, one, comment, false, e))
            return false;
    }
    return true;
}

static bool update(struct proposer *p, const struct proposal *issue, const char *body,
                   struct error *e)
{
    struct proposal_text text = {.body = body};
    return p->forge->update(p->session, issue, &text, e);
}

/* Read right before it is written: what somebody ticked during the run stays ticked. */
static bool write(struct proposer *p, const struct results *results, struct error *e)
{
    struct proposals all = {0};
    if (!read_issues(p, &all, e))
        return false;
    if (!all.list.count) {
        if (!create(p, dashboard_text(&p->arena, results, NULL, DASHBOARD_MOST), e) ||
            !read_issues(p, &all, e))
            return false;
    }
    const struct proposal *issue = pick(&all);
    if (!issue)
        return true; /* a list may lag behind; the next run looks again */
    if (issue->state != PROPOSAL_OPEN) {
        log_info(p->ctx, "the dashboard was closed in #%llu and stays so", issue->number);
        return true;
    }
    return update(p, issue, dashboard_text(&p->arena, results, issue->body, DASHBOARD_MOST), e) &&
           close_doubles(p, &all, issue, e);
}

void dashboard_write(struct proposer *p, struct results *results)
{
    struct error e = {0};
    if (!p->config->dashboard)
        return;
    if (!p->facts.issues_enabled)
        log_warning(p->ctx, "no dashboard: %s has no issues", p->name);
    else if (!write(p, results, &e))
        log_warning(p->ctx, "the dashboard is not up to date: %s", e.message);
}
