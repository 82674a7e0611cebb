/* The words of a proposal about advisories. Ids are plain, summaries are upstream's text. */
#include "watcher/markdown.h"
#include "watcher/plan_words.h"

#include <string.h>

enum { LONGEST_IDS = 600 }; /* bytes */

static void add_ids(struct buf *out, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (out->len > LONGEST_IDS) {
            buf_addf(out, " and %zu more", count - i);
            return;
        }
        buf_addf(out, "%s%s", i ? ", " : "", ids[i]);
    }
}

static void add_names(struct buf *out, const char *const *ids, size_t count)
{
    struct buf text = {0};
    add_ids(&text, ids, count);
    markdown_add(out, buf_slice(&text));
    buf_free(&text);
}

/* "- [GHSA-...](https://osv.dev/...) (CVE-2026-1), high: what it is about" */
static void add_advisory(struct buf *out, const struct advisory *x)
{
    buf_add_text(out, "- [");
    markdown_add(out, slice_of(x->id));
    buf_addf(out, "](%s)", x->url);
    if (x->aliases.count) {
        buf_add_text(out, " (");
        add_names(out, x->aliases.items, x->aliases.count);
        buf_add_byte(out, ')');
    }
    if (x->severity)
        buf_addf(out, ", %s", x->severity);
    if (x->summary) {
        buf_add_text(out, ": ");
        markdown_add(out, slice_of(x->summary));
    }
    buf_add_byte(out, '\n');
}

static void add_list(struct buf *out, size_t most, const struct advised *advised)
{
    size_t count = advised->fixed.count;
    buf_addf(out, "%zu known advisor%s against the pinned version %s fixed:\n\n", count,
             count == 1 ? "y" : "ies", count == 1 ? "is" : "are");
    for (size_t i = 0; i < count; i++) {
        size_t before = out->len;
        add_advisory(out, &advised->fixed.items[i]);
        if (!plan_keep_within(out, before, most, count - i))
            break;
    }
}

static void add_rest(struct arena *a, const struct outcome *o, struct buf *out)
{
    const struct advised *advised = &o->advised;
    const char *empty = advised->fixed.count ? "\n" : "";
    if (!advised->compared) {
        add_names(out, advised->current.items, advised->current.count);
        buf_addf(out, " %s known against the pinned version; whether this fixes %s is not known.\n",
                 advised->current.count == 1 ? "is" : "are",
                 advised->current.count == 1 ? "it" : "them");
    } else if (advised->left) {
        buf_addf(
            out, "%s%s known against the pinned version %s known against this one, too.\n", empty,
            advised->left == 1 ? "One advisory" : arena_printf(a, "%zu advisories", advised->left),
            advised->left == 1 ? "is" : "are");
    }
}

void plan_add_advisories(struct arena *a, const struct outcome *o, size_t most, struct buf *out)
{
    if (!o->advised.current.count)
        return;
    if (o->advised.fixed.count)
        add_list(out, most, &o->advised);
    add_rest(a, o, out);
}

void plan_add_fixed(const struct outcome *o, struct buf *out)
{
    for (size_t i = 0; i < o->advised.fixed.count && out->len < LONGEST_IDS; i++) {
        const struct advisory *x = &o->advised.fixed.items[i];
        buf_addf(out, "%s%s", out->len ? ", " : "", x->id);
        for (size_t k = 0; k < x->aliases.count; k++)
            if (strncmp(x->aliases.items[k], "CVE-", 4) == 0)
                buf_addf(out, ", %s", x->aliases.items[k]);
    }
}
