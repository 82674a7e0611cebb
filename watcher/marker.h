/* The hidden marker in the body of a proposal: all the memory mwatch has. An HTML comment in which
 * nothing can end the comment:
 *
 *   <!-- mwatch component=rails:ruby version=4.0.10 decision=patch digest=5f70bf18a0860070 -->
 *   <!-- mwatch component=group::go members=caddy:caddy@2.11.1,loki:loki@3.6.2 digest=... -->
 */
#ifndef MWATCH_MARKER_H
#define MWATCH_MARKER_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/decision.h"

struct marker {
    const char *component; /* as marker_component or marker_group gives it */
    const char *version;   /* as the recipe would spell it; "" for a group */
    const char *decision;  /* decision_name; "" for a group */
    const char *members;   /* of a group, see marker_add_member; NULL for a component */
    const char *line;      /* issues: what they are about, once each; pull requests that keep the
                              version: what they change; NULL */
    const char *digest;    /* of the text as it was generated; NULL = not known */
    const char *ended;     /* why mwatch itself closed it, one word; NULL = it did not */
    const char *from;      /* pull requests: the version that was pinned before; NULL */
    const char *was;       /* likewise of a group, a list as `members` */
    const char *told;      /* pull requests: who was told of it, as trigger.c has it; NULL */
    const char *awaits;    /* likewise: who is to be told once it is merged; NULL = nobody */
};

/* What every marker begins with. */
#define MARKER_START "<!-- mwatch component="

/* "rails:ruby", escaped as it stands in markers and trailers. In the arena. */
const char *marker_component(struct arena *a, const struct component *c);

/* "group::go-images": two colons, which no component has. In the arena. */
const char *marker_group(struct arena *a, const char *name);

/* Add a member to a list of them: "redis:redis@8.6.2", after a comma where there is one before. */
void marker_add_member(struct buf *members, const char *component, const char *version);

/* The next member of *rest; false at the end. The component stays escaped, the version is in the
 * arena. */
bool marker_next_member(struct arena *a, struct slice *rest, struct slice *component,
                        const char **version);

/* The marker of a component's move to a version, without digest. */
struct marker marker_of(struct arena *a, const struct component *c, const char *version,
                        enum decision_kind kind);

/* Is it a rebuild's: the version stays, the epoch moves? */
bool marker_is_rebuild(const struct marker *m);

/* Its text. In the arena. */
const char *marker_text(struct arena *a, const struct marker *m);

/* Read the last marker that is whole in a body which may hold anything. False when there is none;
 * the texts are in the arena and may hold any byte but NUL. */
bool marker_read(struct arena *a, const char *body, struct marker *out);

/* The body with the marker, and no other, at its end. In the arena. */
const char *marker_put(struct arena *a, const char *body, const struct marker *m);

/* What tells two generated texts apart: 16 hexadecimal digits. In the arena. */
const char *marker_digest(struct arena *a, const char *title, const char *body);

#endif
