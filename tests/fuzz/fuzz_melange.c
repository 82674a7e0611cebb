/* Any bytes as a recipe: read, and the pins worked out for the version it has and for another. */
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void work_out(struct arena *a, const struct yaml *y, const struct component *c,
                     const char *version)
{
    struct variables vars = {0}, overrides = {0};
    struct pins pins = {0};
    struct error e = {0};
    for (size_t i = 0; version && i < c->settings.count; i++)
        vec_push(a, &overrides.list,
                 ((struct variable){.name = c->settings.items[i].path, .value = version}));
    if (melange_variables(a, y, version, &overrides, &vars, &e))
        melange_pins(a, y, &vars, &pins);
    for (size_t i = 0; i < pins.list.count; i++)
        if (!pins.list.items[i].path || !pins.list.items[i].old ||
            !node_path(y->documents[0], pins.list.items[i].path))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct component *c = component_new("fuzz", "fuzz.yaml", RECIPE_FILE);
    if (yaml_parse(&a, "fuzz.yaml", slice_new((const char *)data, size), &y, &e)) {
        apko_is(&y);
        if (melange_read(&y, c, &e)) {
            work_out(&a, &y, c, NULL);
            work_out(&a, &y, c, "99.1");
        }
    }
    component_free(c);
    arena_free(&a);
    return 0;
}
