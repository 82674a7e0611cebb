/* What the files that write proposals share; nobody else includes this. */
#ifndef MWATCH_PLAN_WORDS_H
#define MWATCH_PLAN_WORDS_H

#include "watcher/outcome.h"
#include "watcher/templates.h"

/* GitHub takes 65,536 characters in a body, and 256 in a title. */
enum { PLAN_BODY = 65000, PLAN_TITLE = 200 /* columns */ };

/* The texts of one row on their way. */
struct teller {
    struct outcome *o;
    struct arena *a; /* the row's */
    const struct templates *templates;
    size_t room; /* bytes for all there is to say; PLAN_BODY at most */
    struct values values;
};

/* Put in the placeholders of a pull request or issue (template_names), in as little room as there
 * is. ERROR_RECIPE when a link or an image wants what is not known. */
bool plan_values(struct teller *t, struct error *e);

/* Add the address where what changed between the pinned and the new release can be seen, for forges
 * that have one: GitHub, GitLab, Gitea and Forgejo, Bitbucket; by tags where the source tells them,
 * else by the commits that the recipe checks out. False when there is none. */
bool plan_compare(struct outcome *o, struct buf *out);

/* What a group's pull request says of one of its members, in about so many bytes. */
bool plan_section(const struct templates *templates, struct outcome *o, size_t room,
                  const char **out, struct error *e);

/* A title from the repository's own template: visible, on one line, cut. In the arena. */
bool plan_title(struct arena *a, const char *template, const struct values *values,
                const char **out, struct error *e);

/* The text, visible and cut to a sensible length. In the arena. */
const char *plan_cut(struct arena *a, const char *text, size_t columns);

/* Keep a list within `most` bytes: when the item that was just added does not fit, it is taken out
 * again and the number of those left out is told. False then: no more are to be added. */
bool plan_keep_within(struct buf *out, size_t before, size_t most, size_t left);

/* The recipes that a change set rebuilds besides: how many; as a Markdown list with the reasons,
 * which is cut; and by name, a line each, for a commit message. */
size_t plan_dependents(const struct change_set *set);
void plan_add_dependents(struct arena *a, const struct change_set *set, struct buf *out);
void plan_add_rebuilt(const struct change_set *set, struct buf *out);

/* What is known against the pinned version, as Markdown: what the new one fixes, the worst first,
 * and what it does not, in about `most` bytes. Nothing when nothing is known. */
void plan_add_advisories(struct arena *a, const struct outcome *o, size_t most, struct buf *out);

/* The ids and CVE numbers of what is fixed, with commas; for a commit message, which is cut. */
void plan_add_fixed(const struct outcome *o, struct buf *out);

#endif
