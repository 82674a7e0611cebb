/* What finds a proposal, and where it leads: its labels, and its links to the release, to what
 * changed since, and to what the configuration names. */
#include "watcher/markdown.h"
#include "watcher/plan.h"
#include "watcher/plan_words.h"

#include <string.h>

enum { LONGEST_LINKS = 4000 };

/* Only what cannot leave the link's brackets stays as it is. */
static void add_target(struct buf *out, const char *url)
{
    for (; *url; url++) {
        bool plain = *url > ' ' && *url <= '~' && !strchr("()<>[]\"'`\\|", *url);
        if (plain)
            buf_add_byte(out, *url);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)*url);
    }
}

/* A link of another scheme is none that a reviewer could follow; too many are of no use. */
static void add_link(struct buf *out, const char *title, const char *url)
{
    size_t before = out->len;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return;
    buf_add_text(out, "- [");
    markdown_add(out, slice_of(title));
    buf_add_text(out, "](");
    add_target(out, url);
    buf_add_text(out, ")\n");
    if (out->len > LONGEST_LINKS)
        buf_cut(out, before);
}

/* Upstream names the address of its release. One of an issue would leave a back-link there. */
static void add_release(struct buf *out, const char *url)
{
    static const char *const talk[] = {"/issues/", "/pull/", "/discussions/", "/commit/"};
    for (size_t i = 0; i < sizeof talk / sizeof *talk; i++)
        if (strstr(url, talk[i]))
            return;
    add_link(out, "Release", url);
}

static void add_compare(struct outcome *o, struct buf *out)
{
    struct buf url = {0};
    if (plan_compare(o, &url))
        add_link(out, "Compare", buf_text(&url));
    buf_free(&url);
}

bool plan_labels(struct outcome *o, struct error *e)
{
    const struct component *c = o->component;
    o->changes->labels.count = 0;
    for (size_t i = 0; i < c->labels.count; i++) {
        const char *label;
        if (!release_expand(&o->arena, c, &o->release, c->labels.items[i], &label, e))
            return false;
        vec_push(&o->arena, &o->changes->labels, label);
    }
    return true;
}

bool plan_links(struct outcome *o, struct buf *out, struct error *e)
{
    const struct component *c = o->component;
    if (o->decision.candidate.url)
        add_release(out, o->decision.candidate.url);
    add_compare(o, out);
    for (size_t i = 0; i < c->links.count; i++) {
        const char *url;
        if (!release_expand(&o->arena, c, &o->release, c->links.items[i].url, &url, e))
            return false;
        add_link(out, c->links.items[i].title, url);
    }
    return true;
}
