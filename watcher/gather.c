#include "watcher/gather.h"

#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"

struct gatherer {
    struct gathering *out;
    const struct config *config;
    const struct config_files *files;
    struct pipelines *pipelines;
    struct buf content; /* of the file that is being read */
};

static void add_failure(struct gatherer *g, const struct error *e)
{
    vec_push(&g->out->arena, &g->out->failures, arena_copy(&g->out->arena, e->message));
}

static void add_unknown(struct gathering *out, const char *name)
{
    for (size_t i = 0; i < out->unknown.count; i++)
        if (slice_is(slice_of(name), out->unknown.items[i]))
            return;
    vec_push(&out->arena, &out->unknown, arena_copy(&out->arena, name));
}

static void add_notes(struct gathering *out, const struct needs *n)
{
    for (size_t i = 0; i < n->problems.count; i++)
        vec_push(&out->arena, &out->problems, arena_copy(&out->arena, n->problems.items[i]));
    for (size_t i = 0; i < n->unknown.count; i++)
        add_unknown(out, n->unknown.items[i]);
}

static void add_node(struct gatherer *g, const char *name, const char *file, bool image,
                     const struct needs *n)
{
    struct arena *a = &g->out->arena;
    uint32_t node = graph_add(g->out->graph, name, file, image);
    for (size_t i = 0; i < n->files.count; i++)
        vec_push(a, &g->out->parts, ((struct made_of){arena_copy(a, n->files.items[i]), node}));
    for (size_t i = 0; i < n->provides.count; i++) {
        const struct provided *p = &n->provides.items[i];
        struct graph_provide provide = {slice_of(p->name), slice_of(p->version), p->priority,
                                        p->package};
        graph_provide(g->out->graph, &provide);
    }
    for (size_t i = 0; i < n->list.count; i++) {
        const struct need *need = &n->list.items[i];
        graph_need(g->out->graph, need->kind, slice_of(need->text), need->file, need->line);
    }
    add_notes(g->out, n);
}

static void add_recipe(struct gatherer *g, struct arena *a, const struct yaml *y, const char *file)
{
    struct needs needs = {0};
    struct error e = {0};
    if (!melange_needs(a, y, g->pipelines, &needs, &e)) {
        add_failure(g, &e);
        return;
    }
    const struct node *package = node_get(y->documents[0], "package");
    add_node(g, arena_text(a, node_text(package, "name")), file, false, &needs);
    g->out->recipes++;
}

static void add_image(struct gatherer *g, struct arena *a, const struct yaml *y, const char *file)
{
    struct needs needs = {0};
    apko_needs(a, y, g->files, &needs);
    add_node(g, arena_text(a, apko_name(slice_of(file))), file, true, &needs);
    g->out->images++;
}

static void read_recipe(struct gatherer *g, struct arena *a, const char *file)
{
    struct error e = {0};
    struct yaml y;
    if (!yaml_parse(a, file, buf_slice(&g->content), &y, &e))
        add_failure(g, &e);
    else if (melange_is(&y))
        add_recipe(g, a, &y, file);
    else if (apko_is(&y))
        add_image(g, a, &y, file);
}

static void read_file(struct gatherer *g, const char *file)
{
    struct arena a = {0};
    struct error e = {0};
    if (!g->files->read(g->files->arg, file, &g->content, &e))
        add_failure(g, &e);
    else if (discovery_may_be_recipe(buf_slice(&g->content)))
        read_recipe(g, &a, file);
    arena_free(&a);
}

void gather_files(const struct config_files *files, const struct config *config,
                  struct gathering *out)
{
    struct gatherer g = {.out = out, .config = config, .files = files};
    *out = (struct gathering){.graph = graph_new()};
    g.pipelines = pipelines_new(files);
    for (size_t i = 0; i < files->count; i++)
        if (!discovery_excludes(config, files->names[i]))
            read_file(&g, files->names[i]);
    graph_link(out->graph);
    pipelines_free(g.pipelines);
    buf_free(&g.content);
}

bool gather(const char *root, const struct config *config, struct gathering *out, struct error *e)
{
    struct arena a = {0};
    struct config_files files;
    *out = (struct gathering){0};
    bool good = discovery_files(NULL, &a, root, &files, e);
    if (good)
        gather_files(&files, config, out);
    arena_free(&a);
    return good;
}

void gather_release(struct gathering *g)
{
    graph_free(g->graph);
    arena_free(&g->arena);
    *g = (struct gathering){0};
}
