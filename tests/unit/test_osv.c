/* What OSV is asked and how its answers are read: stanzas of tests/unit/osv.txt.
 *
 *   case: what it shows
 *   cvss: VECTOR                   score: 98 critical ("-1 -" is no vector, "0 -" is none)
 *   source: NAME [SUBJECT]         identity: the query for one version, as JSON; "none"
 *     [purl, version, commit, snapshot]
 *   batch: COUNT, body: JSON       id: N ID, page: N TOKEN, in order; error: part of the message
 *   advisory: ID, body: JSON       told: "ID|ALIAS,ALIAS|severity|summary|url|withdrawn"; error
 *   complaint: JSON                told
 *   same: ID ALIAS... = ID ALIAS...    told: yes, no */
#include "tests/unit/stanza.h"

#include "watcher/advise.h"
#include "watcher/cvss.h"

#define CASES "tests/unit/osv.txt"

enum { MOST = 8 };

static void check_cvss(const struct stanza *s)
{
    int score = cvss_score(stanza_get(s, "cvss"));
    const char *word = cvss_word(score);
    char text[32];
    snprintf(text, sizeof text, "%d %s", score, word ? word : "-");
    assert_slice(slice_of(text), stanza_get(s, "score"));
}

static const char *optional(struct arena *a, const struct stanza *s, const char *key)
{
    return stanza_has(s, key) ? arena_text(a, stanza_get(s, key)) : NULL;
}

static void make_spec(struct arena *a, struct slice text, struct spec *out)
{
    struct parameter name = {0}, parameters[MOST] = {0};
    struct slice word;
    struct error e = {0};
    size_t count = 0;
    slice_split(&text, ' ', &name.value);
    while (slice_split(&text, ' ', &word)) {
        size_t equals = slice_find_byte(word, '=');
        parameters[count].key = equals == SLICE_NONE ? SLICE("") : slice_first(word, equals);
        parameters[count++].value = equals == SLICE_NONE ? word : slice_from(word, equals + 1);
    }
    if (!spec_make(a, "", &name, parameters, count, out, &e))
        fail_msg("%s", e.message);
}

static void check_query(struct arena *a, const struct stanza *s)
{
    struct component *c = component_new("redis", "redis.yaml", RECIPE_MELANGE);
    c->name = "redis";
    c->scheme = &scheme_apk;
    c->purl = optional(&c->arena, s, "purl");
    c->snapshot = optional(&c->arena, s, "snapshot");
    make_spec(&c->arena, stanza_get(s, "source"), &c->spec);
    struct osv_query q = advise_query(a, c, optional(a, s, "version"), optional(a, s, "commit"));
    const char *identity = osv_identity(a, &q);
    component_free(c);
    assert_slice(slice_of(identity ? identity : "none"), stanza_get(s, "identity"));
}

static void check_error(const struct stanza *s, bool good, const struct error *e)
{
    assert_int_equal(good, !error_is_set(e));
    if (good != !stanza_has(s, "error"))
        fail_msg("it is %s: %s", good ? "read" : "not read", e->message);
    if (!good)
        assert_true(slice_contains(slice_of(e->message), stanza_get(s, "error")));
}

static void check_batch(struct arena *a, const struct stanza *s)
{
    struct osv_answer answers[MOST] = {0}, *list[MOST];
    struct error e = {0};
    struct buf told = {0}, wanted = {0};
    unsigned long long count;
    assert_true(slice_number(stanza_get(s, "batch"), &count) && count <= MOST);
    for (size_t i = 0; i < MOST; i++)
        list[i] = &answers[i];
    check_error(s, osv_batch_parse(a, stanza_get(s, "body"), list, count, &e), &e);
    for (size_t i = 0; i < MOST; i++) {
        for (size_t k = 0; k < answers[i].ids.count; k++)
            buf_addf(&told, "id: %zu %s\n", i, answers[i].ids.items[k]);
        if (answers[i].page)
            buf_addf(&told, "page: %zu %s\n", i, answers[i].page);
    }
    for (size_t i = 0; i < s->lines.count; i++) {
        const struct stanza_line *line = &s->lines.items[i];
        if (slice_is(line->key, "id") || slice_is(line->key, "page"))
            buf_addf(&wanted, "%.*s: %.*s\n", SLICE_ARG(line->key), SLICE_ARG(line->value));
    }
    assert_string_equal(buf_text(&told), buf_text(&wanted));
    buf_free(&told);
    buf_free(&wanted);
}

static void check_advisory(struct arena *a, const struct stanza *s)
{
    struct advisory x = {0};
    struct error e = {0};
    struct buf told = {0};
    const char *id = optional(a, s, "advisory");
    bool good = osv_advisory_parse(a, id, stanza_get(s, "body"), &x, &e);
    check_error(s, good, &e);
    if (good) {
        buf_addf(&told, "%s|", x.id);
        for (size_t i = 0; i < x.aliases.count; i++)
            buf_addf(&told, "%s%s", i ? "," : "", x.aliases.items[i]);
        buf_addf(&told, "|%s|%s|%s|%s", x.severity ? x.severity : "", x.summary ? x.summary : "",
                 x.url, x.withdrawn ? "withdrawn" : "");
        assert_slice(buf_slice(&told), stanza_get(s, "told"));
    }
    buf_free(&told);
}

static struct advisory advisory_of(struct arena *a, struct slice text)
{
    struct slice word;
    slice_split(&text, ' ', &word);
    struct advisory x = osv_advisory(a, arena_text(a, word));
    while (slice_split(&text, ' ', &word))
        vec_push(a, &x.aliases, arena_text(a, word));
    return x;
}

static void check_same(struct arena *a, const struct stanza *s)
{
    struct slice text = stanza_get(s, "same");
    size_t at = slice_find(text, SLICE(" = "));
    struct advisory x = advisory_of(a, slice_first(text, at));
    struct advisory y = advisory_of(a, slice_from(text, at + 3));
    assert_int_equal(osv_same(&x, &y), osv_same(&y, &x));
    assert_slice(slice_of(osv_same(&x, &y) ? "yes" : "no"), stanza_get(s, "told"));
}

static void test_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    if (stanza_has(s, "cvss"))
        check_cvss(s);
    else if (stanza_has(s, "source"))
        check_query(&a, s);
    else if (stanza_has(s, "batch"))
        check_batch(&a, s);
    else if (stanza_has(s, "advisory"))
        check_advisory(&a, s);
    else if (stanza_has(s, "complaint"))
        assert_slice(osv_complaint(&a, stanza_get(s, "complaint")), stanza_get(s, "told"));
    else if (stanza_has(s, "same"))
        check_same(&a, s);
    else
        fail_msg("nothing is tested");
    arena_free(&a);
}

static void test_a_batch(void **state)
{
    struct arena a = {0};
    struct request r;
    struct osv_query gem = {.purl = "pkg:gem/rails@8.1.2"};
    struct osv_query commit = {.commit = "6879efc2c1596d11a6a6ad296f80063b558d5e0f"};
    const struct osv_query *queries[] = {&gem, &commit};
    const char *pages[] = {"CjgKMg==", NULL};
    (void)state;
    osv_batch_request(&a, queries, pages, 2, &r);
    assert_string_equal(r.method, "POST");
    assert_string_equal(r.url, "https://api.osv.dev/v1/querybatch");
    assert_slice(r.body, SLICE("{\"queries\":[{\"package\":{\"purl\":\"pkg:gem/rails@8.1.2\"},"
                               "\"page_token\":\"CjgKMg==\"},"
                               "{\"commit\":\"6879efc2c1596d11a6a6ad296f80063b558d5e0f\"}]}"));
    osv_advisory_request(&a, "GHSA-1:2", &r);
    assert_string_equal(r.url, "https://api.osv.dev/v1/vulns/GHSA-1%3A2");
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {cmocka_unit_test(test_a_batch)};
    return stanzas_run("osv", fixed, 1, CASES, test_case);
}
