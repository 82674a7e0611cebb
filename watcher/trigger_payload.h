/* What a dispatch says. */
#ifndef MWATCH_TRIGGER_PAYLOAD_H
#define MWATCH_TRIGGER_PAYLOAD_H

#include "watcher/gather.h"
#include "watcher/marker.h"
#include "watcher/outcome.h"
#include "watcher/recipes/config.h"

/* A component that was proposed or merged. */
struct trigger_item {
    struct outcome *row;         /* the component's first */
    const char *from, *to;       /* versions; `from` may be NULL = not known */
    const char *decision;        /* decision_name; NULL = not known */
    struct proposal *pull;       /* NULL = not proposed yet */
    const struct marker *marker; /* the pull request's */
    const char *event;           /* 16 hexadecimal digits; NULL = none yet */
    bool sent;
};

struct trigger_items {
    VEC(struct trigger_item) list;
};

/* What is the same for all dispatches of a run. */
struct trigger_setting {
    const char *repository;        /* owner/name, where it is proposed; NULL = not known */
    const struct gathering *order; /* NULL = not known */
};

/* The id of an event: the same whenever the same thing is told to the same target. In the arena. */
const char *trigger_event(struct arena *a, const char *repository, const char *key,
                          const struct trigger_item *item);

/* A JSON object (in the arena) of `count` items:
 *   version 1; id; on ("merged"); repository;
 *   components [{event, recipe, component, file, decision, from, to, image, number, url}];
 *   recipes, images [{name, file, level}]: what has moved and what must be rebuilt for it, each
 *   after what it needs, by `level` from 1;
 *   left_out: how many of these two there was no room for. At most `most` of them are told. */
const char *trigger_payload(struct arena *a, const struct trigger_setting *s, enum trigger_on on,
                            const struct trigger_item *items, size_t count, size_t most);

const char *trigger_on_name(enum trigger_on on); /* "merged" */

#endif
