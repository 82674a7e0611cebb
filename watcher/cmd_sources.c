#include "sources/source.h"
#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/cli.h"

#include <string.h>

/* Adapters and presets look the same to who writes a mwatch.yaml. */
struct entry {
    const char *name, *summary, *example, *scheme;
    const struct source_key *keys;
    size_t key_count;    /* at most; a NULL name ends them before */
    const char *adapter; /* presets: what they stand on */
};

static struct entry entry_of_source(const struct source *s)
{
    return (struct entry){s->name, s->summary, s->example, s->scheme, s->keys, SOURCE_KEYS, NULL};
}

static struct entry entry_of_preset(const struct preset *p)
{
    return (struct entry){p->name,   p->summary, p->example,
                          p->scheme, p->keys,    sizeof p->keys / sizeof *p->keys,
                          p->adapter};
}

static const char *type_name(const struct source_key *key)
{
    static const char *const names[] = {
        [KEY_TEXT] = "text",     [KEY_URL] = "address",     [KEY_BOOL] = "true or false",
        [KEY_INT] = "number",    [KEY_PATTERN] = "pattern", [KEY_PATH] = "JSON path",
        [KEY_CHOICE] = "choice",
    };
    return key->type == KEY_CHOICE ? key->choices : names[key->type];
}

static void print_key(const struct source_key *key)
{
    struct buf text = {0}, wrapped = {0};
    buf_addf(&text, "%s (%s%s", key->help, type_name(key), key->required ? ", required" : "");
    if (key->fallback)
        buf_addf(&text, ", default %s", key->fallback);
    buf_add_text(&text, ")");
    report_add_wrapped(&wrapped, buf_slice(&text), 18, 80);
    printf("  %-14s  %s", key->name, buf_text(&wrapped) + 18);
    buf_free(&text);
    buf_free(&wrapped);
}

static void print_example(const char *example)
{
    struct slice rest = slice_of(example), line;
    while (slice_line(&rest, &line))
        printf("    %.*s\n", SLICE_ARG(line));
}

/* "name: summary" or, in a list, "name             summary", within 80 columns. */
static void print_summary(const struct entry *x, size_t column)
{
    struct buf wrapped = {0};
    report_add_wrapped(&wrapped, slice_of(x->summary), column, 80);
    printf("%-*s%s", (int)column, x->name, buf_text(&wrapped) + column);
    buf_free(&wrapped);
}

static void print_heading(const struct entry *x)
{
    struct buf text = {0}, wrapped = {0};
    buf_addf(&text, "%s: %s", x->name, x->summary);
    report_add_wrapped(&wrapped, buf_slice(&text), 0, 80);
    fputs(buf_text(&wrapped), stdout);
    buf_free(&text);
    buf_free(&wrapped);
}

static void print_entry(const struct entry *x)
{
    print_heading(x);
    if (x->adapter)
        printf("  a preset over %s\n", x->adapter);
    if (x->scheme)
        printf("  scheme %s\n", x->scheme);
    for (size_t i = 0; i < x->key_count && x->keys[i].name; i++)
        print_key(&x->keys[i]);
    puts("  example:");
    print_example(x->example);
    putchar('\n');
}

static json_t *key_json(const struct source_key *key)
{
    json_t *object = json_pack("{s:s, s:s, s:b, s:s}", "name", key->name, "type", type_name(key),
                               "required", (int)key->required, "help", key->help);
    if (key->fallback)
        json_object_set_new(object, "default", json_string(key->fallback));
    return object;
}

static json_t *entry_json(const struct entry *x)
{
    json_t *keys = json_array();
    for (size_t i = 0; i < x->key_count && x->keys[i].name; i++)
        json_array_append_new(keys, key_json(&x->keys[i]));
    return json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:o}", "name", x->name, "summary", x->summary,
                     "example", x->example, "adapter", x->adapter, "scheme", x->scheme, "keys",
                     keys);
}

static bool wanted(const struct options *o, const char *name)
{
    for (size_t i = 0; i < o->operands.count; i++)
        if (strcmp(o->operands.items[i], name) == 0)
            return true;
    return o->operands.count == 0;
}

static void show(const struct options *o, const struct entry *x, json_t *array)
{
    if (!wanted(o, x->name))
        return;
    if (o->report == REPORT_JSON)
        json_array_append_new(array, entry_json(x));
    else if (o->report == REPORT_MARKDOWN)
        printf("### %s\n\n%s.\n\n```yaml\n%s\n```\n\n", x->name, x->summary, x->example);
    else if (o->operands.count)
        print_entry(x);
    else
        print_summary(x, 17);
}

static bool check_names(struct context *ctx, const struct options *o)
{
    for (size_t i = 0; i < o->operands.count; i++) {
        const char *name = o->operands.items[i];
        if (source_find(name) || preset_find(name))
            continue;
        struct arena a = {0};
        const char *near = text_nearest(slice_of(name), source_names(&a));
        log_error(ctx, "no source %s%s%s%s", name, near ? "; did you mean " : "", near ? near : "",
                  near ? "?" : "");
        arena_free(&a);
        return false;
    }
    return true;
}

int cmd_sources(struct context *ctx, struct options *options)
{
    size_t presets;
    if (!check_names(ctx, options))
        return EXIT_USAGE;
    json_t *array = json_array();
    for (const struct source *const *s = source_all(); *s; s++) {
        struct entry x = entry_of_source(*s);
        show(options, &x, array);
    }
    const struct preset *p = preset_all(&presets);
    for (size_t i = 0; i < presets; i++) {
        struct entry x = entry_of_preset(&p[i]);
        show(options, &x, array);
    }
    if (options->report == REPORT_JSON) {
        json_dumpf(array, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(array);
    return EXIT_WELL;
}
