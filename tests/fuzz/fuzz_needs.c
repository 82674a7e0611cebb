/* Any bytes as a recipe, an image, what they include and the pipeline they use, all at once; what
 * is read goes into a graph, which must keep its promises. */
#include "watcher/rebuild/graph.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"
#include "watcher/recipes/needs.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_same(void *arg, const char *file, struct buf *out, struct error *e)
{
    const struct slice *input = arg;
    (void)file;
    (void)e;
    buf_clear(out);
    return buf_add(out, *input);
}

static void add(struct graph *g, const char *name, const struct needs *n)
{
    graph_add(g, name, "fuzz.yaml", false);
    for (size_t i = 0; i < n->provides.count; i++) {
        const struct provided *p = &n->provides.items[i];
        graph_provide(g, &(struct graph_provide){slice_of(p->name), slice_of(p->version),
                                                 p->priority, p->package});
    }
    for (size_t i = 0; i < n->list.count; i++)
        graph_need(g, n->list.items[i].kind, slice_of(n->list.items[i].text), n->list.items[i].file,
                   n->list.items[i].line);
}

static void check(struct arena *a, struct graph *g)
{
    struct graph_dependents found;
    uint32_t first = 0;
    struct graph_query q = {&first, 1, 0xb, 0x4, false, false};
    graph_link(g);
    graph_dependents(g, a, &q, &found);
    for (size_t i = 0; i < found.count; i++)
        for (size_t k = 0; k < found.items[i].need_count; k++) {
            const struct graph_need *need = graph_need_at(g, found.items[i].needs[k]);
            uint32_t place = found.place[need->to];
            if (need->from != found.items[i].node || (need->to != first && place == GRAPH_NONE))
                abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"fuzz.yaml", "pipelines/a.yaml", "pipelines/strip.yaml"};
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct slice input = slice_new((const char *)data, size);
    struct config_files files = {names, 3, read_same, &input};
    struct pipelines *pipelines = pipelines_new(&files);
    struct needs needs = {0}, contents = {0};
    struct graph *g = graph_new();
    if (yaml_parse(&a, "fuzz.yaml", input, &y, &e)) {
        apko_needs(&a, &y, &files, &contents);
        if (melange_is(&y) && melange_needs(&a, &y, pipelines, &needs, &e))
            add(g, "melange", &needs);
        add(g, "apko", &contents);
        check(&a, g);
    }
    graph_free(g);
    pipelines_free(pipelines);
    arena_free(&a);
    return 0;
}
