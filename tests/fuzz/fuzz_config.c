/* Fuzzes mwatch.yaml: whatever is read either fails with one line that names a place, or makes
 * components that hold what component.h promises. What init writes is always read again.
 *
 * The input is mwatch.yaml, a line "%%%", a recipe, a line "%%%", and a Makefile. */
#include "watcher/base/template.h"
#include "watcher/base/text.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/init.h"
#include "watcher/recipes/melange.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    struct slice config, recipe, makefile;
};

static void give_up(const char *why, const char *what)
{
    fprintf(stderr, "%s: %s\n", why, what ? what : "");
    abort();
}

static bool read_file(void *arg, const char *file, struct buf *out, struct error *e)
{
    const struct input *in = arg;
    struct slice name = slice_of(file);
    buf_clear(out);
    if (slice_is(name, "Makefile"))
        return buf_add(out, in->makefile);
    if (slice_is(name, "r/melange.yaml") || slice_is(name, "r/apko/r.yaml"))
        return buf_add(out, in->recipe);
    return error_set(e, ERROR_SYSTEM, "no such file");
}

static void check_error(const struct error *e)
{
    if (!error_is_set(e) || !text_is_visible(slice_of(e->message)))
        give_up("not a message for people", e->message);
}

static void check_template(const char *text)
{
    struct arena a = {0};
    struct error e = {0};
    if (text && !template_compile(&a, slice_of(text), config_placeholders(), NULL, &e))
        give_up("a template that does not compile", e.message);
    arena_free(&a);
}

static void check_templates(const struct component *c)
{
    for (size_t i = 0; i < c->settings.count; i++)
        check_template(c->settings.items[i].value);
    for (size_t i = 0; i < c->places.count; i++) {
        check_template(c->places.items[i].value);
        if (!c->places.items[i].pattern || !c->places.items[i].file)
            give_up("half a place", c->name);
    }
    for (size_t i = 0; i < c->artefacts.count; i++)
        for (size_t k = 0; k < c->artefacts.items[i].urls.count; k++)
            check_template(c->artefacts.items[i].urls.items[k]);
    for (size_t i = 0; i < c->links.count; i++)
        check_template(c->links.items[i].url);
    for (size_t i = 0; i < c->labels.count; i++)
        check_template(c->labels.items[i]);
    for (size_t i = 0; i < c->checklist.count; i++)
        check_template(c->checklist.items[i]);
    check_template(c->image);
}

static void check_component(const struct component *c)
{
    if (!c->recipe || !c->name || !c->file)
        give_up("no name", c->recipe);
    if (error_is_set(&c->error)) {
        check_error(&c->error);
        return;
    }
    check_templates(c);
    if (c->disabled)
        return;
    if (!c->spec.source || !c->scheme || !c->current)
        give_up("cannot be watched, and does not say so", c->name);
    if (!c->scheme->valid(slice_of(c->current)))
        give_up("pins a version outside its scheme", c->current);
}

/* Read the recipe, when it is one, as discovery does. */
static void discover(struct config *config, const struct config_files *files, struct input *in,
                     struct components *out)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    const char *file = files->names[0];
    struct component *c = component_new("r", file, RECIPE_MELANGE);
    bool parsed = yaml_parse(&a, file, in->recipe, &y, &e);
    bool melange = parsed && melange_is(&y), apko = parsed && !melange && apko_is(&y);
    error_clear(&e);
    if ((melange && melange_read(&y, c, &e)) || (apko && apko_read(&y, c, &e)))
        config_apply(config, files, &y, y.source, c, out);
    else
        component_free(c);
    arena_free(&a);
}

/* A file that only the configuration names. */
static void discover_named(struct config *config, const struct config_files *files,
                           struct input *in, struct components *out)
{
    struct component *c = component_new("m", "Makefile", RECIPE_FILE);
    config_apply(config, files, NULL, in->makefile, c, out);
}

static void check_init(const struct config_files *files, struct input *in)
{
    struct config none = {0}, first;
    struct components found = {0};
    struct buf text = {0};
    struct error e = {0};
    discover(&none, files, in, &found);
    init_write(files, &found, &text);
    if (!config_read(&first, "mwatch.yaml", buf_slice(&text), &e))
        give_up(e.message, buf_text(&text));
    config_free(&first);
    config_free(&none);
    components_free(&found);
    buf_free(&text);
}

static struct slice take(struct slice *rest)
{
    size_t at = slice_find(*rest, SLICE("\n%%%\n"));
    struct slice part = slice_first(*rest, at == SLICE_NONE ? rest->len : at + 1);
    *rest = slice_from(*rest, at == SLICE_NONE ? rest->len : at + 5);
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_new((const char *)data, size);
    struct input in = {.config = take(&rest), .recipe = take(&rest), .makefile = rest};
    bool image = slice_starts(in.recipe, SLICE("contents"));
    const char *const names[] = {image ? "r/apko/r.yaml" : "r/melange.yaml"};
    const struct config_files files = {names, 1, read_file, &in};
    struct config config;
    struct components found = {0};
    struct error e = {0};
    bool good = config_read(&config, "mwatch.yaml", in.config, &e);
    if (!good) {
        check_error(&e);
        if (e.code != ERROR_USAGE || !slice_starts(slice_of(e.message), SLICE("mwatch.yaml")))
            give_up("does not say where", e.message);
    } else {
        discover(&config, &files, &in, &found);
        discover_named(&config, &files, &in, &found);
        for (size_t i = 0; i < found.count; i++)
            check_component(found.items[i]);
    }
    components_free(&found);
    config_free(&config);
    check_init(&files, &in);
    return 0;
}
