/* Fuzzes what pruning reads: go.mod files, lists of dependencies, and the steps of recipes. */
#include "watcher/recipes/gomod.h"
#include "watcher/recipes/melange_bump.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool never(void *arg, struct slice word)
{
    (void)arg;
    (void)word;
    return false;
}

static bool by_module(void *arg, struct slice word)
{
    struct slice module, version;
    return gomod_target(word, &module, &version) && gomod_has(arg, module, version).ptr;
}

static bool always(void *arg, struct slice word)
{
    (void)arg;
    (void)word;
    return true;
}

static void read_module(struct slice text)
{
    struct arena a = {0};
    struct gomod m = {0};
    struct error e = {0};
    size_t left = 0;
    if (gomod_read(&a, text, &m, &e) == error_is_set(&e))
        abort();
    for (size_t i = 0; i < m.requires.count && i < 50; i++) {
        struct gomod_require *r = &m.requires.items[i];
        gomod_has_replace(&m, r->module, r->module, r->version);
    }
    bump_without(&a, text, by_module, &m, &left);
    bump_without(&a, text, always, NULL, &left);
    if (left)
        abort();
    if (!slice_is(text, bump_without(&a, text, never, NULL, &left)) &&
        slice_find_byte(text, '\0') == SLICE_NONE)
        abort();
    arena_free(&a);
}

static void read_recipe(struct slice text)
{
    struct arena a = {0};
    struct yaml y;
    struct variables vars = {0};
    struct bumps bumps = {0};
    struct error e = {0};
    const char *rest;
    if (yaml_parse(&a, "recipe.yaml", text, &y, &e) &&
        melange_variables(&a, &y, NULL, NULL, &vars, &e))
        melange_bumps(&a, &y, &vars, &bumps);
    for (size_t i = 0; i < bumps.steps.count; i++)
        for (size_t k = 0; k < bumps.steps.items[i].roots.count; k++)
            bump_checkout_of(&bumps, bumps.steps.items[i].roots.items[k], &rest);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_new((const char *)data, size);
    read_module(text);
    read_recipe(text);
    return 0;
}
