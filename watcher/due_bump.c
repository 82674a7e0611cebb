#include "watcher/due_bump.h"

#include "watcher/due_report.h"
#include "watcher/raise.h"

/* Of a line of YAML, and of a sentence. */
enum { FEW_NAMES = 3, FEW_MOVES = 8 };

/* "openssl-dev 3.6.0-r3, go-1.25 1.25.4-r0 and 2 more": as it is built now. */
static void add_names(struct buf *out, const struct due_build *b)
{
    size_t count = b->causes.count;
    for (size_t i = 0; i < count && i < FEW_NAMES; i++) {
        const struct state_change *c = &b->made.changes.list.items[b->causes.items[i]];
        buf_addf(out, "%s%s%s%s", i ? ", " : "", c->name, c->to ? " " : "", c->to ? c->to : "");
    }
    if (count > FEW_NAMES)
        buf_addf(out, " and %zu more", count - FEW_NAMES);
}

static void bump(const struct due *d, const struct due_build *b, const struct templates *templates,
                 struct components *components, struct results *results)
{
    struct buf comment = {0}, reason = {0};
    add_names(&comment, b);
    buf_add_text(&reason, "what it is built with has moved: ");
    due_add_causes(&reason, b, FEW_MOVES);
    struct raise raise = {
        .recipe = b->recipe->name,
        .file = b->recipe->file,
        .comment = buf_text(&comment),
        .reason = buf_text(&reason),
    };
    raise_add_row(&raise, d->root, templates, components, results);
    buf_free(&comment);
    buf_free(&reason);
}

void due_bump(const struct due *d, const struct templates *templates, struct components *components,
              struct results *results)
{
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_REBUILD)
            bump(d, d->builds.items[i], templates, components, results);
}
