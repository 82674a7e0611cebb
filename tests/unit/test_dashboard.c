/* The dashboard's text: thousands of components in what one issue holds. */
#include "tests/unit/unit.h"

#include "watcher/dashboard_text.h"

enum { MANY = 3401 };

static void fill(struct results *r, struct components *all, size_t count)
{
    struct arena a = {0};
    for (size_t i = 0; i < count; i++) {
        const char *name = arena_printf(&a, "package-with-a-name-%04zu", i);
        struct component *c = component_new(name, "x.yaml", RECIPE_MELANGE);
        c->name = c->recipe;
        c->current = "1.2.3";
        components_add(all, c);
        struct outcome *o = results_add(r, c);
        o->decision.kind = DECISION_CURRENT;
    }
    arena_free(&a);
}

static size_t count_rows(const char *text)
{
    struct slice rest = slice_of(text), line;
    size_t count = 0;
    while (slice_line(&rest, &line))
        count += slice_starts(line, SLICE("- "));
    return count;
}

static void test_many(void **state)
{
    struct arena a = {0};
    struct results r = {0};
    struct components all = {0};
    (void)state;
    fill(&r, &all, MANY);
    struct outcome *last = r.items[MANY - 1];
    last->decision.kind = DECISION_ERROR;
    last->decision.reason = "no answer of @somebody about #12 <b>";
    const char *text = dashboard_text(&a, &r, NULL, DASHBOARD_MOST);
    size_t shown = count_rows(text);
    assert_true(strlen(text) <= DASHBOARD_MOST);
    assert_true(shown > 1000 && shown < MANY);
    assert_non_null(
        strstr(text, "### Needs a person\n\n- package-with-a-name-3400 `1.2.3`, error"));
    assert_non_null(strstr(text, arena_printf(&a,
                                              "\n%zu components more are not shown: there is no "
                                              "room.\n",
                                              MANY - shown)));
    assert_non_null(strstr(text, "\n" DASHBOARD_MARKER "\n"));
    assert_null(strstr(text, "@somebody"));
    assert_null(strstr(text, "#12"));
    assert_null(strstr(text, "<b>"));
    results_free(&r);
    components_free(&all);
    arena_free(&a);
}

static void test_ticks(void **state)
{
    static const struct {
        const char *body;
        bool ticked;
    } cases[] = {
        {"- [x] redis <!-- mwatch-ask open a:a -->", true},
        {"text\r\n- [X] redis <!-- mwatch-ask open a:a -->\r\n", true},
        {"  - [x] redis <!-- mwatch-ask open a:a -->", true},
        {"- [ ] redis <!-- mwatch-ask open a:a -->", false},
        {"- [x] redis <!-- mwatch-ask rebase a:a -->", false},
        {"- [x] redis <!-- mwatch-ask open a:ab -->", false},
        {"- [x] redis open a:a", false},
        {"", false},
        {NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (dashboard_is_ticked(cases[i].body, "open a:a") != cases[i].ticked)
            fail_msg("case %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many), cmocka_unit_test(test_ticks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
