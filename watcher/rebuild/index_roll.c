/* What the architectures of an image have in common. */
#include "watcher/base/memory.h"
#include "watcher/rebuild/index_parts.h"

#include <stdlib.h>

struct roll {
    struct arena arena;
    struct names names; /* "name-version" */
};

static struct slice called(struct buf *out, const struct package *p)
{
    buf_clear(out);
    buf_addf(out, "%.*s-%.*s", SLICE_ARG(p->name), SLICE_ARG(p->version));
    return buf_slice(out);
}

void index_make_bare(struct index *ix)
{
    ix->bare = true;
}

struct roll *index_roll(const struct index *ix)
{
    struct roll *r = memory_zalloc(sizeof *r);
    struct buf name = {0};
    for (size_t i = 0; i < ix->packages.count; i++) {
        struct slice found = called(&name, &ix->packages.items[i]);
        if (!names_find(&r->names, found))
            *names_slot(&r->names, arena_slice(&r->arena, found)) = r;
    }
    buf_free(&name);
    return r;
}

void roll_free(struct roll *r)
{
    if (!r)
        return;
    names_free(&r->names);
    arena_free(&r->arena);
    free(r);
}

void index_keep(struct index *ix, const struct roll *roll, const char *arch)
{
    struct buf name = {0};
    const char *kept = arena_copy(&ix->arena, arch);
    if (!ix->withdrawn)
        ix->withdrawn = arena_array(&ix->arena, ix->packages.count + 1, sizeof *ix->withdrawn);
    for (size_t i = 0; i < ix->packages.count; i++)
        if (!ix->withdrawn[i] && !names_find(&roll->names, called(&name, &ix->packages.items[i])))
            ix->withdrawn[i] = kept;
    buf_free(&name);
}

void index_readmit(struct index *ix, bool readmit)
{
    ix->readmitted = readmit;
}
