/* Groups: rows whose recipes say `group: NAME` are proposed as one change set, one branch, one
 * commit and one pull request, so that files they share never make two proposals conflict. */
#ifndef MWATCH_PLAN_GROUP_H
#define MWATCH_PLAN_GROUP_H

#include "watcher/plan.h"

/* To be called when everything else is planned. Patches, minors and what is for a person to merge
 * join; majors, new streams, moved tags, rebuilds and components that require-sequential stay by
 * themselves. Each member's branch, title, body and message become the group's. A member whose
 * edits clash with those of one before it waits for the next run, and so does what is too much for
 * one pull request; none blocks the others. */
void plan_groups(const char *root, const struct templates *templates, struct results *results);

/* Make the group anew of the members it has now; those that do not fit drop out. */
void plan_group(const char *root, const struct templates *templates, struct group *g);

/* The group's fixed branch: "mwatch/group=go-images"; no component's has a `=`. In the arena. */
const char *plan_group_branch(struct arena *a, const char *name);

/* The members with their versions, as its marker has them. In the arena. */
const char *plan_group_members(struct arena *a, const struct group *g);

/* Put together the edits of some rows' change sets, each file verified. ERROR_RECIPE when two
 * clash, ERROR_CONFLICT when a file changed meanwhile. What the rows hold stays as it is. */
bool plan_combine(struct arena *a, const char *root, struct outcome *const *rows, size_t count,
                  struct change_set *out, struct error *e);

/* The group's title, body and commit message. */
bool plan_group_texts(const struct templates *templates, struct group *g, struct error *e);

#endif
