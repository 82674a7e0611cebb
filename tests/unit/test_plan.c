/* The words of proposals: branches, markers, titles, bodies, commit messages. */
#include "tests/unit/unit.h"

#include "watcher/base/template.h"
#include "watcher/base/text.h"
#include "watcher/marker.h"
#include "watcher/plan_group.h"

#define HASH "2608ba58c6a56c653f0abf5ac62771949a217437df299dff39083be37cb7bd03"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

/* ---- branches ---- */

struct branch {
    const char *recipe, *name;
    enum decision_kind kind;
    const char *branch;
};

static const struct branch branches[] = {
    {"redis", "redis", DECISION_PATCH, "mwatch/redis"},
    {"rails", "ruby", DECISION_MINOR, "mwatch/rails.ruby"},
    {"php", "php", DECISION_NEW_STREAM, "mwatch/php.new-stream"},
    {"curl", "curl", DECISION_REBUILD, "mwatch/curl.rebuild"},
    {"libstdc++", "libstdc++", DECISION_PATCH, "mwatch/libstdc++"},
    {"python-3.14", "python-3.14", DECISION_PATCH, "mwatch/python-3.14"},
    {"apko/redis.yaml", "apko/redis.yaml", DECISION_PATCH, "mwatch/apko-redis.yaml"},
    {"a b", "a b", DECISION_PATCH, "mwatch/a-b"},
    {"a..b", "a..b", DECISION_PATCH, "mwatch/a.-b"},
    {".hidden", ".hidden", DECISION_PATCH, "mwatch/-hidden"},
    {"dot.", "dot.", DECISION_PATCH, "mwatch/dot-"},
    {"x.lock", "x.lock", DECISION_PATCH, "mwatch/x-lock"},
    {"x.lock.lock", "x.lock.lock", DECISION_PATCH, "mwatch/x.lock-lock"},
    {"x", "lock", DECISION_PATCH, "mwatch/x-lock"},
    {"x.lock", "y", DECISION_PATCH, "mwatch/x.lock.y"},
    {"@", "@", DECISION_PATCH, "mwatch/-"},
    {"a@{1}", "a@{1}", DECISION_PATCH, "mwatch/a--1-"},
    {"~^:?*[\\", "~^:?*[\\", DECISION_PATCH, "mwatch/-------"},
    {"-", "-", DECISION_PATCH, "mwatch/-"},
    {"", "", DECISION_PATCH, "mwatch/-"},
    {"$(reboot)", "$(reboot)", DECISION_PATCH, "mwatch/--reboot-"},
    {"a\nb\x1b[2J", "a\nb\x1b[2J", DECISION_PATCH, "mwatch/a-b--2J"},
    {"\xC3\xBC", "\xC3\xBC", DECISION_PATCH, "mwatch/--"},
};

static struct component *component_of(const char *recipe, const char *name)
{
    struct component *c = component_new(recipe, "redis/melange.yaml", RECIPE_MELANGE);
    c->name = arena_copy(&c->arena, name);
    c->current = "8.6.1";
    c->scheme = &scheme_apk;
    c->policy = policy_default();
    return c;
}

static void test_branches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        struct component *c = component_of(branches[i].recipe, branches[i].name);
        assert_string_equal(plan_branch(&c->arena, c, branches[i].kind), branches[i].branch);
        component_free(c);
    }
}

static void test_branches_by_git(void **state)
{
    (void)state;
    if (system("git --version >/dev/null 2>&1") != 0)
        skip();
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        struct component *c = component_of(branches[i].recipe, branches[i].name);
        const char *branch = plan_branch(&c->arena, c, branches[i].kind);
        const char *command =
            arena_printf(&c->arena, "git check-ref-format 'refs/heads/%s'", branch);
        if (system(command) != 0)
            fail_msg("git does not take %s", branch);
        component_free(c);
    }
}

static void test_long_branch(void **state)
{
    char name[5001];
    (void)state;
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct component *c = component_of(name, "b");
    assert_true(strlen(plan_branch(&c->arena, c, DECISION_PATCH)) < 220);
    component_free(c);
}

/* ---- markers ---- */

static void test_markers(void **state)
{
    static const struct {
        const char *recipe, *name, *version, *marker;
    } rows[] = {
        {"redis", "redis", "8.6.2",
         "<!-- mwatch component=redis:redis version=8.6.2 decision=patch -->"},
        {"rails", "ruby", "4.0.10",
         "<!-- mwatch component=rails:ruby version=4.0.10 decision=patch -->"},
        {"a:b", "c", "1", "<!-- mwatch component=a%3Ab:c version=1 decision=patch -->"},
        {"a b", "c=d", "1", "<!-- mwatch component=a%20b:c%3Dd version=1 decision=patch -->"},
        {"-->", "--!>", "1--2",
         "<!-- mwatch component=%2D%2D%3E:%2D%2D%21%3E version=1-%2D2 decision=patch -->"},
        {"x\n\x1b", "\xFF", "1%2",
         "<!-- mwatch component=x%0A%1B:%FF version=1%252 "
         "decision=patch -->"},
        {"apko/x.yaml", "y+z_1", "1-r0",
         "<!-- mwatch component=apko/x.yaml:y+z_1 version=1-r0 decision=patch -->"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct component *c = component_of(rows[i].recipe, rows[i].name);
        struct marker m = marker_of(&c->arena, c, rows[i].version, DECISION_PATCH);
        const char *marker = marker_text(&c->arena, &m);
        assert_string_equal(marker, rows[i].marker);
        assert_ptr_equal(strstr(marker, "--"), marker + 2);
        assert_ptr_equal(strchr(marker, '>'), marker + strlen(marker) - 1);
        component_free(c);
    }
}

/* foo/1.10 must not be taken for foo/1.1. */
static void test_markers_differ(void **state)
{
    (void)state;
    struct component *c = component_of("foo", "foo");
    struct marker m1 = marker_of(&c->arena, c, "1.1", DECISION_PATCH), m10 = m1;
    m10.version = "1.10";
    const char *one = marker_text(&c->arena, &m1);
    const char *ten = marker_text(&c->arena, &m10);
    assert_null(strstr(ten, one));
    assert_null(strstr(one, ten));
    component_free(c);
}

/* ---- texts ---- */

static char *repeated(struct arena *a, const char *text, size_t count)
{
    struct buf out = {0};
    for (size_t i = 0; i < count; i++)
        buf_add_text(&out, text);
    char *copy = arena_alloc(a, out.len + 1);
    memcpy(copy, buf_text(&out), out.len);
    buf_free(&out);
    return copy;
}

struct fixture {
    struct component *component;
    struct results results;
    struct outcome *o;
};

static void set_source(struct component *c)
{
    struct error e = {0};
    struct parameter name = {.value = SLICE("github")};
    struct parameter repository = {.value = SLICE("redis/redis")};
    assert_true(spec_make(&c->arena, c->file, &name, &repository, 1, &c->spec, &e));
}

static void fixture_open(struct fixture *f, enum decision_kind kind, enum action action)
{
    f->component = component_of("redis", "redis");
    set_source(f->component);
    f->results = (struct results){0};
    f->o = results_add(&f->results, f->component);
    f->o->decision = (struct decision){.kind = kind,
                                       .action = action,
                                       .version = "8.6.2",
                                       .reason = "patch, the newest of 2 candidates",
                                       .candidate = {.raw = "v8.6.2", .commit = COMMIT}};
    f->o->changes = arena_new(&f->o->arena, struct change_set);
    f->o->release = release_of(f->component, &f->o->decision);
}

static void fixture_close(struct fixture *f)
{
    results_free(&f->results);
    component_free(f->component);
}

static const char *body_of(struct fixture *f)
{
    struct error e = {0};
    bool good = plan_texts(NULL, f->o, &e);
    assert_string_equal(e.message, "");
    assert_true(good);
    assert_true(strlen(f->o->changes->body) < 65536);
    return f->o->changes->body;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        assert_string_equal(text, part);
}

static void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

static void test_pull_request(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    const char *body = body_of(&f);
    assert_string_equal(f.o->changes->title, "redis: update to 8.6.2");
    assert_string_equal(f.o->changes->branch, "mwatch/redis");
    assert_has(body, "redis moves from **8.6.1** to **8.6.2** (patch).");
    assert_has(body, "| recipe | `redis/melange.yaml` |");
    assert_has(body, "| upstream | github `redis/redis` |");
    assert_has(body, "- [Compare](https://github.com/redis/redis/compare/v8.6.1...v8.6.2)");
    assert_has(body, "version=8.6.2 decision=patch -->");
    assert_has(f.o->changes->message, "redis: update to 8.6.2\n\nredis/melange.yaml: 8.6.1 -> "
                                      "8.6.2\nTag: v8.6.2\nCommit: " COMMIT "\n");
    fixture_close(&f);
}

static void test_issue(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_MAJOR, ACTION_ISSUE);
    const char *body = body_of(&f);
    assert_string_equal(f.o->changes->title, "redis: major 8.6.2 is out");
    assert_null(f.o->changes->branch);
    assert_null(f.o->changes->message);
    assert_has(body, "- [ ] read the release notes for breaking changes\n");
    assert_has(body, "decision=major -->");
    fixture_close(&f);
}

static void test_own_checklist(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_MAJOR, ACTION_ISSUE);
    vec_push(&f.component->arena, &f.component->checklist, "ask @platform about #7");
    const char *body = body_of(&f);
    assert_has(body, "- [ ] ask @&#8203;platform about \\#&#8203;7\n");
    assert_has_not(body, "breaking changes");
    fixture_close(&f);
}

static void test_retagged(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_RETAGGED, ACTION_PR);
    f.o->decision.version = "8.6.1";
    f.o->decision.candidate.raw = "v8.6.1";
    f.o->decision.reason = "tag v8.6.1 moved";
    const char *body = body_of(&f);
    assert_string_equal(f.o->changes->title,
                        "redis: rebuild 8.6.1 with the commit its tag names now");
    assert_has(body, "redis **8.6.1**: tag v8.6.1 moved. **Look at what changed before");
    assert_has_not(body, "moves from");
    assert_has_not(body, "Compare");
    fixture_close(&f);
}

static void test_manual(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_MANUAL, ACTION_PR);
    assert_has(body_of(&f), "The recipe says `manual: true`: a person merges this.");
    fixture_close(&f);
}

static void test_proofs(void **state)
{
    struct fixture f;
    struct proof confirmed = {.url = "https://example.org/a`b.tar.gz",
                              .final_url = "https://cdn.example.org/x",
                              .hash = {.sha256 = HASH, .size = 1234567},
                              .state = PROOF_CONFIRMED,
                              .confirmed_by = "https://example.org/SHA256SUMS"};
    struct proof alone = {.url = "https://example.org/b", .hash = {.sha256 = HASH}};
    alone.state = PROOF_UNCONFIRMED;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    vec_push(&f.o->arena, &f.o->proofs, confirmed);
    vec_push(&f.o->arena, &f.o->proofs, alone);
    const char *body = body_of(&f);
    assert_has(body, "- `` https://example.org/a`b.tar.gz ``\n"
                     "  which led to `https://cdn.example.org/x`\n"
                     "  1.2 MB, SHA-256 `" HASH "`\n"
                     "  **confirmed** by `https://example.org/SHA256SUMS`\n");
    assert_has(body, "- `https://example.org/b`\n  SHA-256 `" HASH "`\n  unconfirmed: upstream");
    assert_has(f.o->changes->message, "https://example.org/b\n" HASH " unconfirmed\n");
    fixture_close(&f);
}

/* Everything upstream wrote is hostile here. */
static void test_hostile(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    f.o->decision.candidate.raw = "v8.6.2|<b>@all `x` closes#1 [skip ci]";
    f.o->decision.candidate.url = "https://example.org/r(1)\"><script>|@all\x1b[2J";
    f.o->decision.candidate.notes = "Thanks @octocat, see #1 and </details> <!-- -->\n"
                                    "```\n[x](javascript:alert(1))\n\x1b]0;owned\x07\n";
    vec_push(&f.o->arena, &f.o->warnings, "odd | <i>tag</i> @team \x1b[31m");
    const char *body = body_of(&f);
    assert_has(body, "| tag | `` v8.6.2\\|<b>@all `x` closes#1 [skip ci] `` |");
    assert_has(body, "- [Release](https://example.org/r%281%29%22%3E%3Cscript%3E%7C@all%1B%5B2J)");
    assert_has(body, "````text\nThanks @\xE2\x80\x8Boctocat, see #\xE2\x80\x8B"
                     "1 and </details> <!-- -->\n```\n");
    assert_has(body, "\\x1b]0;owned\\x07\n````\n");
    assert_has(body, "- odd \\| &lt;i&gt;tag&lt;/i&gt; @&#8203;team \\\\x1b\\[31m\n");
    assert_null(strchr(body, '\x1b'));
    assert_has_not(f.o->changes->message, "Tag:");
    assert_has_not(f.o->changes->message, "skip ci");
    fixture_close(&f);
}

static void test_hostile_names(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    f.component->recipe = f.component->name = "evil\n# @all <b>\x1b[2J";
    f.component->file = "a|b`c\n.yaml";
    const char *body = body_of(&f);
    assert_true(text_is_visible(slice_of(f.o->changes->title)));
    assert_has(body, "| recipe | `` a\\|b`c\\x0a.yaml `` |");
    assert_has(body, "evil\\\\x0a\\# @&#8203;all &lt;b&gt;");
    fixture_close(&f);
}

static void test_commit_tags(void **state)
{
    static const struct {
        const char *tag;
        bool told;
    } rows[] = {
        {"v8.6.2", true},
        {"release/8.6.2", true},
        {"renovate@8.6.2", true},
        {"RELEASE.2026-01-01T00-00-00Z", true},
        {"@scope/pkg@8.6.2", false},
        {"8.6.2 [skip ci]", false},
        {"8.6.2\nCo-authored-by: x", false},
        {"closes #1", false},
        {"v8.6.2-@all", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        fixture_open(&f, DECISION_PATCH, ACTION_PR);
        f.o->decision.candidate.raw = rows[i].tag;
        body_of(&f);
        assert_int_equal(strstr(f.o->changes->message, "Tag: ") != NULL, rows[i].told);
        fixture_close(&f);
    }
}

static void test_links(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    struct component *c = f.component;
    f.o->decision.candidate.url = "https://github.com/other/project/issues/1";
    vec_push(&c->arena, &c->links,
             ((struct link){"Notes", "https://x.example/{series}/{version}"}));
    vec_push(&c->arena, &c->links, ((struct link){"A]b [c](d)", "https://x.example/(x)"}));
    vec_push(&c->arena, &c->links, ((struct link){"Script", "javascript:alert(1)"}));
    const char *body = body_of(&f);
    assert_has(body, "- [Notes](https://x.example/8.6/8.6.2)\n");
    assert_has(body, "- [A\\]b \\[c\\](d)](https://x.example/%28x%29)\n");
    assert_has_not(body, "issues/1");
    assert_has_not(body, "javascript");
    fixture_close(&f);
}

/* Source, its key and value, the server where one is given: where the comparison is. */
static void test_compare(void **state)
{
    static const struct {
        const char *source, *value, *server_key, *server, *url;
    } rows[] = {
        {"github", "redis/redis", NULL, NULL,
         "https://github.com/redis/redis/compare/v8.6.1...v8.6.2"},
        {"git", "https://github.com/redis/redis.git", NULL, NULL,
         "https://github.com/redis/redis/compare/v8.6.1...v8.6.2"},
        {"git", "https://gitlab.freedesktop.org/mesa/mesa", NULL, NULL,
         "https://gitlab.freedesktop.org/mesa/mesa/-/compare/v8.6.1...v8.6.2"},
        {"git", "https://git.example.org/x.git", NULL, NULL, NULL},
        {"git", "https://notgithub.com/x/y.git", NULL, NULL, NULL},
        {"gitlab", "GNOME/glib", "server", "https://gitlab.gnome.org",
         "https://gitlab.gnome.org/GNOME/glib/-/compare/v8.6.1...v8.6.2"},
        {"gitlab-releases", "gitlab-org/cli", NULL, NULL,
         "https://gitlab.com/gitlab-org/cli/-/compare/v8.6.1...v8.6.2"},
        {"codeberg", "forgejo/forgejo", NULL, NULL,
         "https://codeberg.org/forgejo/forgejo/compare/v8.6.1...v8.6.2"},
        {"gitea", "o/n", "server", "https://git.example.org",
         "https://git.example.org/o/n/compare/v8.6.1...v8.6.2"},
        {"gitea-releases", "o/n", "server", "https://git.example.org",
         "https://git.example.org/o/n/compare/v8.6.1...v8.6.2"},
        {"bitbucket", "owner/name", NULL, NULL,
         "https://bitbucket.org/owner/name/branches/compare/v8.6.2%0Dv8.6.1"},
        {"redis", NULL, NULL, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        struct error e = {0};
        fixture_open(&f, DECISION_PATCH, ACTION_PR);
        struct component *c = f.component;
        struct parameter name = {.value = slice_of(rows[i].source)};
        struct parameter given[2] = {{.value = slice_of(rows[i].value)}};
        size_t count = rows[i].value ? 1 : 0;
        if (rows[i].server)
            given[count++] = (struct parameter){.key = slice_of(rows[i].server_key),
                                                .value = slice_of(rows[i].server)};
        spec_make(&c->arena, c->file, &name, given, count, &c->spec, &e);
        assert_string_equal(e.message, "");
        const char *body = body_of(&f);
        if (rows[i].url)
            assert_has(body, arena_printf(&c->arena, "- [Compare](%s)\n", rows[i].url));
        else
            assert_has_not(body, "[Compare]");
        fixture_close(&f);
    }
}

/* Who told of the release does not know its repository, but the recipe checks one out. */
static void test_compare_commits(void **state)
{
    struct fixture f;
    struct error e = {0};
    struct parameter name = {.value = SLICE("release-monitor")}, number = {.value = SLICE("1")};
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    assert_true(spec_make(&f.o->arena, "x", &name, &number, 1, &f.component->spec, &e));
    vec_push(&f.o->arena, &f.o->renewals.list,
             ((struct renewal){.kind = PIN_COMMIT,
                               .repository = "https://github.com/o/n",
                               .ref = "v8.6.2",
                               .old = "aaaa",
                               .value = COMMIT}));
    assert_has(body_of(&f), "- [Compare](https://github.com/o/n/compare/aaaa..." COMMIT ")\n");
    fixture_close(&f);
}

/* Releases that come with it have their notes told, newest first. */
static void test_notes_between(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    struct decision *d = &f.o->decision;
    d->candidate.notes = "newest @octocat";
    for (int i = 9; i > 0; i--)
        vec_push(&f.o->arena, &d->between,
                 ((struct candidate){.raw = arena_printf(&f.o->arena, "v8.6.1.%d", i),
                                     .notes = i == 5 ? NULL : "older #1"}));
    const char *body = body_of(&f);
    assert_has(body, "**v8.6.2**\n\n```text\nnewest @\xE2\x80\x8Boctocat\n```\n\n"
                     "**v8.6.1.9**\n\n```text\nolder #\xE2\x80\x8B"
                     "1\n```\n\n**v8.6.1.8**\n");
    assert_has_not(body, "v8.6.1.5");
    for (size_t i = 0; i < d->between.count; i++)
        d->between.items[i].notes = repeated(&f.o->arena, "line @x\n", 10000);
    body = body_of(&f);
    assert_has(body, "**v8.6.1.9**");
    assert_has(body, "\nand ");
    fixture_close(&f);
}

static void test_link_not_known(void **state)
{
    struct fixture f;
    struct error e = {0};
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    struct component *c = f.component;
    vec_push(&c->arena, &c->links, ((struct link){"Day", "https://x.example/{date}"}));
    assert_false(plan_texts(NULL, f.o, &e));
    assert_error(&e, ERROR_RECIPE, "date");
    fixture_close(&f);
}

static void test_image(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    struct component *c = f.component;
    vec_push(&c->arena, &c->settings, ((struct setting){"package.version", "{version}"}));
    c->epoch = 4;
    c->image = "ghcr.io/example/redis:{version}-r{epoch}";
    f.o->release = release_of(c, &f.o->decision);
    assert_has(body_of(&f), "| merging publishes | `ghcr.io/example/redis:8.6.2-r0` |");
    f.o->decision.version = c->current;
    f.o->release = release_of(c, &f.o->decision);
    assert_has(body_of(&f), "`ghcr.io/example/redis:8.6.1-r5`");
    c->keep_epoch = true;
    f.o->release = release_of(c, &f.o->decision);
    assert_has(body_of(&f), "`ghcr.io/example/redis:8.6.1-r4`");
    fixture_close(&f);
}

/* ---- long texts are cut, and the row goes on ---- */

static void add_edits(struct outcome *o, size_t count, const char *value)
{
    struct file_change *change = vec_add(&o->arena, &o->changes->files);
    *change = (struct file_change){.file = "redis/melange.yaml"};
    for (size_t i = 0; i < count; i++) {
        struct edit *edit = vec_add(&o->arena, &change->edits.list);
        *edit = (struct edit){
            .path = arena_printf(&o->arena, "vars.x%zu", i), .old_text = "1", .new_text = value};
    }
}

static void test_long_notes(void **state)
{
    static const char *const parts[] = {"line @x\n", "\x01", "````", "\xE6\x97\xA5\xE6\x9C\xAC"};
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct fixture f;
        fixture_open(&f, DECISION_PATCH, ACTION_PR);
        f.o->decision.candidate.notes = repeated(&f.o->arena, parts[i], 50000);
        const char *body = body_of(&f);
        assert_has(body, "[...]\n");
        assert_has(body, "decision=patch -->");
        fixture_close(&f);
    }
}

static void test_many_edits(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    add_edits(f.o, 5000, "2");
    const char *body = body_of(&f);
    assert_has(body, "`vars.x0`: `1` → `2`\n");
    assert_has(body, "more\n\n### Proof");
    fixture_close(&f);
}

static void test_everything_long(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    struct component *c = f.component;
    char *word = repeated(&c->arena, "\xF0\x9F\x98\x80&", 5000);
    c->recipe = c->name = c->file = word;
    c->image = word;
    c->current = repeated(&c->arena, "1", 256);
    f.o->decision.candidate.notes = repeated(&c->arena, "@x \x01\n", 30000);
    add_edits(f.o, 5000, word);
    for (size_t i = 0; i < 1000; i++) {
        struct proof proof = {.url = word, .final_url = word, .hash = {.sha256 = HASH}};
        proof.state = PROOF_UNCONFIRMED;
        vec_push(&f.o->arena, &f.o->proofs, proof);
        vec_push(&f.o->arena, &f.o->warnings, word);
        vec_push(&f.o->arena, &f.o->changes->notes, word);
        vec_push(&c->arena, &c->links, ((struct link){"x", "https://x.example/y"}));
    }
    body_of(&f);
    assert_true(text_width(slice_of(f.o->changes->title)) < 256);
    assert_true(strlen(f.o->changes->message) < 65536);
    fixture_close(&f);
}

/* ---- a run ---- */

static void test_shared_branch(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_MAJOR, ACTION_ISSUE);
    struct outcome *second = results_add(&f.results, f.component);
    second->decision = f.o->decision;
    plan_run(".", NULL, &f.results);
    assert_int_equal(f.o->decision.kind, DECISION_MAJOR);
    assert_int_equal(second->decision.kind, DECISION_MAJOR);
    fixture_close(&f);
}

/* ---- groups ---- */

/* A group of so many, each with something to say. */
static struct group *group_of(struct fixture *f, size_t count, const char *notes)
{
    struct results *r = &f->results;
    struct group *g = arena_new(&r->arena, struct group);
    struct component *c = f->component;
    g->name = "go-images";
    vec_push(&r->arena, &r->groups, g);
    for (size_t i = 0; i < count; i++) {
        struct outcome *o = i ? results_add(r, c) : f->o;
        struct proof proof = {.url = "https://example.org/a.tar.gz", .hash = {.sha256 = HASH}};
        proof.state = PROOF_UNCONFIRMED;
        o->decision = f->o->decision;
        o->decision.candidate.notes = notes;
        o->release = f->o->release;
        o->changes = arena_new(&o->arena, struct change_set);
        vec_push(&o->arena, &o->proofs, proof);
        add_edits(o, 3, "2");
        vec_push(&r->arena, &g->members, o);
    }
    g->whole.changes = arena_new(&g->whole.arena, struct change_set);
    return g;
}

static const char *group_body(struct group *g, const struct templates *own)
{
    struct error e = {0};
    bool good = plan_group_texts(own, g, &e);
    assert_string_equal(e.message, "");
    assert_true(good);
    assert_true(strlen(g->whole.changes->body) < 65536);
    assert_true(strlen(g->whole.changes->message) < 65536);
    return g->whole.changes->body;
}

static void test_group(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    const char *body = group_body(group_of(&f, 2, "Thanks @octocat, see #1"), NULL);
    assert_string_equal(f.results.groups.items[0]->whole.changes->title,
                        "go-images: update 2 components");
    assert_has(body, "go-images: 2 components move together.\n");
    assert_has(body, "| redis | 8.6.1 | 8.6.2 | patch |  |\n");
    assert_has(body, "### redis: 8.6.1 → 8.6.2\n");
    assert_has(body, "SHA-256 `" HASH "`");
    assert_has(body, "Thanks @\xE2\x80\x8Boctocat, see #\xE2\x80\x8B"
                     "1\n");
    assert_has(body, "<!-- mwatch component=group::go-images "
                     "members=redis:redis@8.6.2,redis:redis@8.6.2 -->");
    fixture_close(&f);
}

/* However many they are and whatever they say, GitHub takes it, and the table is whole. */
static void test_large_groups(void **state)
{
    static const size_t counts[] = {2, 5, 30, 100};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct fixture f;
        size_t rows = 0;
        fixture_open(&f, DECISION_PATCH, ACTION_PR);
        const char *notes = repeated(&f.component->arena, "line @x\n", 10000);
        const char *body = group_body(group_of(&f, counts[i], notes), NULL);
        for (const char *at = body; (at = strstr(at, "| redis | 8.6.1 |")); at++)
            rows++;
        assert_int_equal(rows, counts[i]);
        assert_has(body, "### redis: 8.6.1 → 8.6.2\n");
        assert_has(body, "members=redis:redis@8.6.2,");
        fixture_close(&f);
    }
}

/* ---- texts of the repository's own ---- */

static void test_own_texts(void **state)
{
    struct fixture f;
    struct error e = {0};
    struct templates own = {.title = "chore({recipe}): {from} -> {to}\n{#rebuilt}x{/rebuilt}",
                            .group_title = "{heading}: {names}"};
    own.texts[TEMPLATE_PULL_REQUEST] = "{heading} {to}{#published} of {published}{/published}\n";
    own.texts[TEMPLATE_COMMIT] = "{subject}\n\nTag {tag}\n";
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    assert_true(plan_texts(&own, f.o, &e));
    assert_string_equal(f.o->changes->title, "chore(redis): 8.6.1 -> 8.6.2");
    assert_string_equal(f.o->changes->body, "redis 8.6.2\n");
    assert_string_equal(f.o->changes->message, "chore(redis): 8.6.1 -> 8.6.2\n\nTag v8.6.2\n");
    struct group *g = group_of(&f, 2, NULL);
    group_body(g, &own);
    assert_string_equal(g->whole.changes->title, "go-images: redis, redis");
    fixture_close(&f);
}

static void test_own_text_that_says_it_all_twice(void **state)
{
    struct fixture f;
    struct error e = {0};
    struct templates own = {0};
    own.texts[TEMPLATE_PULL_REQUEST] = "{notes}{notes}{notes}{notes}{marker}\n";
    (void)state;
    fixture_open(&f, DECISION_PATCH, ACTION_PR);
    f.o->decision.candidate.notes = repeated(&f.o->arena, "line @x\n", 50000);
    assert_true(plan_texts(&own, f.o, &e));
    assert_true(strlen(f.o->changes->body) < 65536);
    assert_has(f.o->changes->body, "[...]\n");
    fixture_close(&f);
}

/* Every placeholder that a text of the repository's own may have stands for something. */
static void test_placeholders(void **state)
{
    (void)state;
    for (int kind = 0; kind < TEMPLATE_KINDS; kind++) {
        struct fixture f;
        struct error e = {0};
        struct buf all = {0};
        struct templates own = {0};
        const char *builtin = template_builtin(template_file((enum template_kind)kind));
        const char *const *names = template_names((enum template_kind)kind);
        fixture_open(&f, kind == TEMPLATE_ISSUE ? DECISION_MAJOR : DECISION_PATCH,
                     kind == TEMPLATE_ISSUE ? ACTION_ISSUE : ACTION_PR);
        assert_non_null(template_compile(&f.o->arena, slice_of(builtin), names, NULL, &e));
        for (size_t i = 0; names[i]; i++)
            buf_addf(&all, "{%s}\n", names[i]);
        own.texts[kind] = buf_text(&all);
        struct group *g = group_of(&f, 2, "x");
        bool good = kind == TEMPLATE_REBUILD ? plan_rebuild_texts(&own, f.o, true, &e)
                    : kind == TEMPLATE_GROUP || kind == TEMPLATE_GROUP_MEMBER
                        ? plan_group_texts(&own, g, &e)
                        : plan_texts(&own, f.o, &e);
        assert_string_equal(e.message, "");
        assert_true(good);
        buf_free(&all);
        fixture_close(&f);
    }
}

static void test_builtin(void **state)
{
    (void)state;
    assert_non_null(template_builtin("pull-request.md"));
    assert_non_null(template_builtin("issue.md"));
    assert_non_null(template_builtin("commit.txt"));
    assert_null(template_builtin("none.md"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_branches_by_git),
        cmocka_unit_test(test_long_branch),
        cmocka_unit_test(test_markers),
        cmocka_unit_test(test_markers_differ),
        cmocka_unit_test(test_pull_request),
        cmocka_unit_test(test_issue),
        cmocka_unit_test(test_own_checklist),
        cmocka_unit_test(test_retagged),
        cmocka_unit_test(test_manual),
        cmocka_unit_test(test_proofs),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_commit_tags),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_link_not_known),
        cmocka_unit_test(test_image),
        cmocka_unit_test(test_long_notes),
        cmocka_unit_test(test_many_edits),
        cmocka_unit_test(test_everything_long),
        cmocka_unit_test(test_shared_branch),
        cmocka_unit_test(test_builtin),
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_large_groups),
        cmocka_unit_test(test_own_texts),
        cmocka_unit_test(test_own_text_that_says_it_all_twice),
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_compare_commits),
        cmocka_unit_test(test_notes_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
