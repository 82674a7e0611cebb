/* Components: their life, and the names of their enumerations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/recipes/component.h"

static void test_new(void **state)
{
    (void)state;
    struct component *c = component_new("rails", "rails/melange.yaml", RECIPE_MELANGE);
    assert_string_equal(c->recipe, "rails");
    assert_string_equal(c->name, "rails");
    assert_string_equal(c->file, "rails/melange.yaml");
    assert_int_equal(c->policy.minor, ACTION_PR);
    assert_int_equal(c->policy.major, ACTION_ISSUE);
    assert_int_equal(c->policy.new_stream, ACTION_ISSUE);
    assert_false(c->policy.rebuild_retagged);
    component_free(c);
    component_free(NULL);
}

static void test_list(void **state)
{
    (void)state;
    struct components list = {0};
    for (size_t i = 0; i < 100; i++)
        components_add(&list, component_new("p", "p.yaml", RECIPE_FILE));
    assert_int_equal(list.count, 100);
    components_free(&list);
    assert_int_equal(list.count, 0);
    components_free(&list);
}

static void test_names(void **state)
{
    (void)state;
    enum action action = ACTION_PR;
    for (int i = ACTION_MERGE; i <= ACTION_IGNORE; i++) {
        assert_true(action_parse(slice_of(action_name((enum action)i)), &action));
        assert_int_equal(action, i);
    }
    assert_false(action_parse(SLICE("Merge"), &action));
    assert_false(action_parse(SLICE(""), &action));
    assert_string_equal(recipe_kind_name(RECIPE_MELANGE), "melange");
    assert_string_equal(recipe_kind_name(RECIPE_APKO), "apko");
    assert_string_equal(recipe_kind_name(RECIPE_FILE), "file");
}

/* A shared recipe takes its dependents along unless somebody says otherwise; others do not. */
static void test_dependents(void **state)
{
    (void)state;
    struct component *c = component_new("openssl", "openssl.yaml", RECIPE_MELANGE);
    enum dependents said = DEPENDENTS_UNSAID;
    assert_int_equal(component_dependents(c), DEPENDENTS_NO);
    c->shared = true;
    assert_int_equal(component_dependents(c), DEPENDENTS_TOGETHER);
    for (enum dependents d = DEPENDENTS_TOGETHER; d <= DEPENDENTS_NO; d++) {
        assert_true(dependents_parse(slice_of(dependents_name(d)), &said));
        assert_int_equal(said, d);
        c->dependents = d;
        assert_int_equal(component_dependents(c), d);
    }
    assert_false(dependents_parse(SLICE("all"), &said));
    assert_false(dependents_parse(SLICE(""), &said));
    component_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_dependents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
