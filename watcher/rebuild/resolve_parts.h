/* What the files of the resolver share; nobody else includes this. */
#ifndef MWATCH_REBUILD_RESOLVE_PARTS_H
#define MWATCH_REBUILD_RESOLVE_PARTS_H

#include "watcher/rebuild/index_parts.h"
#include "watcher/rebuild/resolve.h"
#include "watcher/versions/dependency.h"

/* A dependency of somebody. */
struct want {
    struct slice text;
    struct dependency d;
    uint32_t name; /* INDEX_NONE: nothing has this name */
    uint32_t by;   /* a package or RESOLVED_BY_... */
    bool done;
};

/* Why a package is out of the question. */
enum reason {
    REASON_NONE,
    REASON_WANT,   /* a want excludes it: `text` is the want's */
    REASON_BESIDE, /* a chosen package has a name that it has too: `text` is the name */
    REASON_ARCH,   /* another architecture of the image does not have it: `text` is that */
};

struct fate {
    struct slice text;
    uint32_t by;
    enum reason reason;
};

/* A want that was found to exclude what had been chosen. */
struct late {
    struct slice text;
    uint32_t by;
    uint32_t of;      /* not INDEX_NONE: of the packages of this name all that do not satisfy it */
    struct slice pin; /* of the entry of the world that led to it */
};

/* A late want let its pin in: tagged packages of this name may be taken, by everybody. */
struct admitted {
    uint32_t name;
    struct slice pin;
};

/* Beyond so many, which hardly a package has, they are taken as they come, or time would grow with
 * the square of their number. */
enum { MANY_WANTS = 4096 };

struct wants {
    struct want *items; /* those not done yet; what is done at the front is cut off */
    size_t count;
    bool many;
};

/* One attempt. */
struct solver {
    const struct index *ix;
    struct arena a; /* of this attempt */
    struct error *e;
    size_t *steps;
    const char *world; /* whose it is */

    struct fate *fates; /* by package */
    uint32_t *by;       /* by package that is chosen: who wanted it */
    bool *chosen;       /* by package */
    bool *visited;      /* by package: its dependencies are dealt with, or being so */
    bool *listed;       /* by package: it is in the result */
    uint32_t *out;      /* by name: provides of packages that are out */
    uint32_t *out_versioned;
    uint32_t
        *holder; /* by name: the provide of a chosen package, plus 1; one with a version first */
    uint32_t *origin;     /* by name of an origin: the package of it chosen last, plus 1 */
    uint32_t *latest;     /* by name: all 0 but while candidates are compared */
    struct names applied; /* wants that have been applied */
    VEC(uint32_t) scratch;
    VEC(struct resolved) result;

    struct slice pin; /* of the entry of the world that is being walked */
    VEC(struct admitted) admitted;

    bool is_late; /* stop: `late` is to be applied first, and all begun anew */
    struct late late;
};

/* Take a list of dependencies apart, sorted by spelling, each once. False when one cannot be read.
 */
bool want_list(struct solver *s, struct slice list, uint32_t by, struct wants *out);

/* Take one apart; false when it cannot be read. */
bool want_make(struct solver *s, struct slice text, uint32_t by, struct want *out);

static inline const struct provide *provide_at(const struct solver *s, uint32_t i)
{
    return &s->ix->provides.items[s->ix->by_name[i]];
}

static inline const struct package *package_at(const struct solver *s, uint32_t package)
{
    return &s->ix->packages.items[package];
}

/* The number of the package's own name. */
static inline uint32_t own_name(const struct solver *s, uint32_t package)
{
    return s->ix->provides.items[package_at(s, package)->first_provide].name;
}

/* Put out a package that another architecture does not have. */
void rule_withdraw(struct solver *s, uint32_t package, struct slice arch);

/* Put out what the want excludes. */
void rule_apply(struct solver *s, const struct want *w);

/* Put out of the packages of that name all that do not satisfy the want. */
void rule_apply_to(struct solver *s, const struct want *w, uint32_t name);

/* Is the want without candidates because another version was chosen of the only package that
 * satisfies it? All is to begin anew then, which stops the attempt. */
bool rule_is_behind(struct solver *s, const struct want *w);

/* Choose a package, and put out what cannot be beside it. */
void rule_choose(struct solver *s, uint32_t package, uint32_t by);

/* The chosen package that satisfies the want; INDEX_NONE when none does. */
uint32_t rule_satisfied_by(struct solver *s, const struct want *w);

/* May this provide satisfy the want, as far as it goes without choosing? Beside untagged
 * repositories the want's own pin counts, and `pin`, that of the entry of the world which led here.
 */
bool rule_is_candidate(const struct solver *s, const struct want *w, const struct provide *p,
                       struct slice pin);

/* How many may. */
size_t rule_candidates(struct solver *s, const struct want *w, struct slice pin);

/* The best of them; INDEX_NONE when there are none. */
uint32_t prefer_best(struct solver *s, const struct want *w, struct slice pin);

/* Of these packages the best, as if something wanted each by its own name. */
uint32_t prefer_package(struct solver *s, const uint32_t *packages, size_t count);

/* Bring a chosen package into the result, with all it needs before it. False on an error, and when
 * something came late. */
bool walk(struct solver *s, uint32_t package, struct slice pin);

/* Of wants not done the one to go next: the fewest candidates, then the first; NULL when all are
 * done. */
struct want *walk_next(struct solver *s, struct wants *wants, struct slice pin);

/* Add packages whose install_if is there until there are no more. */
bool walk_install_if(struct solver *s);

/* Set the error that tells why the want cannot be satisfied; returns false. */
bool explain(struct solver *s, const struct want *w);

#endif
