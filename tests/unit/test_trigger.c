/* What a dispatch says, and how much of it there is room for. */
#include "tests/unit/unit.h"

#include "watcher/base/json.h"
#include "watcher/trigger_payload.h"
#include "watcher/trigger_send.h"

struct world {
    struct gathering order;
    struct results results;
    struct component *c;
    struct trigger_item item;
    struct trigger_setting setting;
};

/* "base", and as many recipes that are built with it. */
static void world_init(struct world *w, size_t dependents)
{
    *w = (struct world){.order = {.graph = graph_new()}};
    struct graph *g = w->order.graph;
    graph_add(g, "base", "base.yaml", false);
    graph_provide(g, &(struct graph_provide){.name = SLICE("base"), .package = true});
    for (size_t i = 0; i < dependents; i++) {
        const char *name = arena_printf(&w->order.arena, "a-recipe-with-a-name-%05zu", i);
        graph_add(g, name, arena_printf(&w->order.arena, "%s.yaml", name), false);
        graph_need(g, NEED_BUILD, SLICE("base"), "x.yaml", 1);
    }
    graph_link(g);
    w->c = component_new("base", "base.yaml", RECIPE_MELANGE);
    w->item.row = results_add(&w->results, w->c);
    w->item.from = "1";
    w->item.to = "2\x1b[31m";
    w->item.decision = "major";
    w->item.event = "0123456789abcdef";
    w->setting = (struct trigger_setting){.repository = "octo/os", .order = &w->order};
}

static void world_release(struct world *w)
{
    results_free(&w->results);
    component_free(w->c);
    gather_release(&w->order);
}

static const char *payload_text(struct world *w, struct arena *a, size_t most)
{
    return trigger_payload(a, &w->setting, TRIGGER_MERGED, &w->item, 1, most);
}

static json_t *payload(struct world *w, struct arena *a, size_t most)
{
    struct error e = {0};
    const char *text = payload_text(w, a, most);
    json_t *json = json_parse(a, slice_of(text), &e);
    assert_non_null(json);
    assert_true(json_object_size(json) <= 10);
    return json;
}

static void test_order(void **state)
{
    struct arena a = {0};
    struct world w;
    (void)state;
    world_init(&w, 3);
    json_t *json = payload(&w, &a, SIZE_MAX);
    json_t *recipes = json_object_get(json, "recipes");
    assert_int_equal(json_array_size(recipes), 4);
    assert_string_equal(json_string_at(json_array_get(recipes, 0), "name"), "base");
    assert_int_equal(json_number(json_array_get(recipes, 0), "level", 0), 1);
    assert_int_equal(json_number(json_array_get(recipes, 3), "level", 0), 2);
    assert_int_equal(json_number(json, "left_out", -1), 0);
    const json_t *one = json_array_get(json_object_get(json, "components"), 0);
    assert_string_equal(json_string_at(one, "to"), "2\\x1b[31m");
    json = payload(&w, &a, 3);
    assert_int_equal(json_array_size(json_object_get(json, "recipes")), 3);
    assert_int_equal(json_number(json, "left_out", -1), 1);
    world_release(&w);
    arena_free(&a);
}

/* An id that is the same whenever the same is told. */
static void test_events(void **state)
{
    struct arena a = {0};
    struct world w;
    struct proposal pull = {.number = 7, .url = "https://example.org/7"};
    (void)state;
    world_init(&w, 0);
    w.item.pull = &pull;
    const char *event = trigger_event(&a, "octo/os", "01234567", &w.item);
    assert_int_equal(strlen(event), 16);
    assert_string_equal(event, trigger_event(&a, "octo/os", "01234567", &w.item));
    assert_string_not_equal(event, trigger_event(&a, "octo/os", "01234568", &w.item));
    assert_string_not_equal(event, trigger_event(&a, "octo/so", "01234567", &w.item));
    pull.number = 8;
    assert_string_not_equal(event, trigger_event(&a, "octo/os", "01234567", &w.item));
    world_release(&w);
    arena_free(&a);
}

static void test_room(void **state)
{
    struct arena a = {0};
    struct world w;
    struct config_trigger event = {.event = "rebuilt"};
    struct config_trigger workflow = {.workflow = "build.yml", .input = "payload"};
    struct config_trigger plain = {.workflow = "build.yml"};
    (void)state;
    world_init(&w, 3000);
    const char *all = payload_text(&w, &a, SIZE_MAX);
    assert_true(strlen(all) > 200 * 1000);
    assert_false(trigger_fits(&event, all));
    assert_false(trigger_fits(&workflow, all));
    size_t most = 100;
    const char *some = payload_text(&w, &a, most);
    for (const char *more = some; trigger_fits(&event, more); more = payload_text(&w, &a, ++most))
        some = more;
    assert_true(most > 500);
    assert_true(strlen(some) <= TRIGGER_PAYLOAD_MOST);
    assert_false(trigger_fits(&workflow, some)); /* its quotes are escaped there */
    assert_true(trigger_fits(&workflow, payload_text(&w, &a, 500)));
    assert_true(trigger_fits(&plain, some));
    world_release(&w);
    arena_free(&a);
}

static void test_keys(void **state)
{
    static const struct config_trigger all[] = {
        {.on = TRIGGER_MERGED, .event = "a"},
        {.on = TRIGGER_PROPOSED, .event = "a"},
        {.on = TRIGGER_MERGED, .event = "b"},
        {.on = TRIGGER_MERGED, .event = "a", .repository = "octo/a"},
        {.on = TRIGGER_MERGED, .workflow = "a"},
    };
    struct arena a = {0};
    struct config_trigger moved = all[4];
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(trigger_key(&a, &all[i]), trigger_key(&a, &all[k]));
    moved.ref = "next";
    assert_string_equal(trigger_key(&a, &moved), trigger_key(&a, &all[4]));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
