#include "tests/unit/stanza.h"

#include "watcher/versions/dependency.h"

static unsigned relations_of(struct slice op)
{
    unsigned relations = 0;
    relations |= slice_find_byte(op, '<') != SLICE_NONE ? RELATION_LESS : 0;
    relations |= slice_find_byte(op, '>') != SLICE_NONE ? RELATION_GREATER : 0;
    relations |= slice_find_byte(op, '=') != SLICE_NONE ? RELATION_EQUAL : 0;
    relations |= slice_find_byte(op, '~') != SLICE_NONE ? RELATION_FUZZY : 0;
    return relations;
}

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct dependency d;
    if (stanza_has(s, "bad")) {
        assert_false(dependency_parse(stanza_get(s, "parse"), &d));
    } else if (stanza_has(s, "parse")) {
        assert_true(dependency_parse(stanza_get(s, "parse"), &d));
        assert_slice(d.name, stanza_get(s, "name"));
        assert_int_equal(d.relations, relations_of(stanza_get(s, "op")));
        assert_slice(d.version, stanza_get(s, "version"));
        assert_slice(d.pin, stanza_get(s, "pin"));
        assert_int_equal(d.conflict, stanza_has(s, "conflict"));
    } else {
        assert_true(dependency_parse(stanza_get(s, "wanted"), &d));
        assert_int_equal(dependency_satisfied(&d, stanza_get(s, "version")),
                         slice_is(stanza_get(s, "satisfied"), "yes"));
    }
}

int main(void)
{
    return stanzas_run("dependency", NULL, 0, "tests/unit/versions/dependency.cases", run_case);
}
