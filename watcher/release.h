/* The release a component is moved to, and the words templates have for it. */
#ifndef MWATCH_RELEASE_H
#define MWATCH_RELEASE_H

#include "watcher/base/template.h"
#include "watcher/decision.h"

struct release {
    const char *version;
    const char *tag;          /* upstream's raw string; the version when nobody was asked */
    const char *commit;       /* NULL = not known */
    int64_t published;        /* 0 = not known */
    unsigned long long epoch; /* the recipe's next one */
    const struct asset *assets;
    size_t asset_count;
};

/* The release a decision chose for the component, with the epoch the recipe will have then: 0 for a
 * new version of the package, one more for anything else, the same where it is kept. */
struct release release_of(const struct component *c, const struct decision *d);

struct values {
    VEC(struct template_value) list;
};

/* The placeholders of config_placeholders for this component and release. */
void release_values(struct arena *a, const struct component *c, const struct release *r,
                    struct values *out);

/* A template of the configuration, filled in. ERROR_RECIPE when a value that it wants is not known.
 */
bool release_expand(struct arena *a, const struct component *c, const struct release *r,
                    const char *text, const char **out, struct error *e);

#endif
