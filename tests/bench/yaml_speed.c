/* Parsing recipes into trees, beside libyaml's own events over the same bytes and nothing done with
 * them: what the tree costs on top. Files are read before; the fastest of ROUNDS turns counts. */
#include "tests/unit/corpus.h"
#include "watcher/yaml/yaml.h"

#include <stdio.h>
#include <time.h>
#include <yaml.h>

enum { ROUNDS = 15 };

struct inputs {
    struct arena arena;
    VEC(struct slice) files;
    size_t bytes;
};

static void add_file(void *arg, const char *path)
{
    struct inputs *in = arg;
    struct buf text = {0};
    struct error e = {0};
    if (!file_read(path, &text, &e))
        return;
    vec_push(&in->arena, &in->files, arena_slice(&in->arena, buf_slice(&text)));
    in->bytes += text.len;
    buf_free(&text);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool by_tree(struct slice text)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    bool good = yaml_parse(&a, "recipe.yaml", text, &y, &e);
    arena_free(&a);
    return good;
}

static bool by_events(struct slice text)
{
    yaml_parser_t parser;
    bool good = true, more = true;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    while (good && more) {
        yaml_event_t event;
        good = yaml_parser_parse(&parser, &event);
        more = good && event.type != YAML_STREAM_END_EVENT;
        if (good)
            yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return good;
}

static double turn(const struct inputs *in, bool (*parse)(struct slice text), double best)
{
    double start = seconds();
    for (size_t i = 0; i < in->files.count; i++)
        if (!parse(in->files.items[i]))
            fprintf(stderr, "a recipe cannot be parsed\n");
    double took = seconds() - start;
    return best == 0 || took < best ? took : best;
}

int main(int argc, char **argv)
{
    struct inputs in = {0};
    double tree = 0, events = 0;
    for (int i = 1; i < argc; i++)
        if (!corpus_each_recipe(argv[i], add_file, &in))
            fprintf(stderr, "%s: no such folder\n", argv[i]);
    if (in.files.count == 0)
        return 1;
    for (int i = 0; i < ROUNDS; i++) {
        tree = turn(&in, by_tree, tree);
        events = turn(&in, by_events, events);
    }
    printf("%zu files, %.1f MB\n", in.files.count, (double)in.bytes / 1e6);
    printf("  mwatch's tree     %7.1f ms  %6.1f MB/s\n", tree * 1e3, (double)in.bytes / tree / 1e6);
    printf("  libyaml's events  %7.1f ms  %6.1f MB/s\n", events * 1e3,
           (double)in.bytes / events / 1e6);
    printf("  ratio             %7.2f\n", tree / events);
    arena_free(&in.arena);
    return 0;
}
