/* git's own server program, asked what the adapter asks and read by the adapter: every protocol
 * version, both object formats. Skipped where git is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sources/source.h"
#include "tests/unit/git_program.h"

#include <string.h>

static const struct server_case {
    const char *name;
    int version;
    const char *repository; /* in the folder of the tests */
    const char *branch;     /* NULL: tags */
    const char *prefix;     /* NULL: all tags */
    const char *command;    /* prints the same lines as the adapter's candidates */
} cases[] = {
    {"version 2, tags", 2, "sha1", NULL, NULL, TAGS_BY_GIT},
    {"version 1, tags", 1, "sha1", NULL, NULL, TAGS_BY_GIT},
    {"version 0, tags", 0, "sha1", NULL, NULL, TAGS_BY_GIT},
    {"version 2, prefix", 2, "sha1", NULL, "v1.", TAGS_BY_GIT " | grep '^v1[.]'"},
    {"version 2, branch", 2, "sha1", "release/1.x", NULL,
     "echo $(git rev-parse release/1.x release/1.x)"},
    {"version 2, HEAD", 2, "sha1", "HEAD", NULL, "echo $(git rev-parse HEAD HEAD)"},
    {"version 0, branch", 0, "sha1", "release/1.x", NULL,
     "echo $(git rev-parse release/1.x release/1.x)"},
    {"version 0, HEAD", 0, "sha1", "HEAD", NULL, "echo $(git rev-parse HEAD HEAD)"},
    {"version 2, SHA-256", 2, "sha256", NULL, NULL, TAGS_BY_GIT},
    {"version 0, SHA-256", 0, "sha256", NULL, NULL, TAGS_BY_GIT},
    {"version 2, empty", 2, "empty", NULL, NULL, "true"},
    {"version 0, empty", 0, "empty", NULL, NULL, "true"},
};

#define FILL                                                                                       \
    "echo 1 >f && git add f && git commit -qm one && git tag 1.0.0 && git tag -am two v1.1.0 && "  \
    "git tag -am nested nested v1.1.0 && git tag -am tree tree HEAD^{tree} && "                    \
    "git branch -q release/1.x && echo 2 >f && git commit -qam two && git tag -am v v1.2.0"

static char *root; /* the folder of the repositories, while the tests run */

static int make_repositories(void **state)
{
    char *dir = folder_make();
    (void)state;
    shell(dir, "git init -q -b main empty");
    shell(dir, "git init -q -b main sha1 && cd sha1 && " FILL);
    shell(dir, "git init -q -b main --object-format=sha256 sha256 && cd sha256 && " FILL);
    root = dir;
    return 0;
}

static int remove_repositories(void **state)
{
    (void)state;
    folder_remove(root);
    return 0;
}

static void make_spec(struct arena *a, const struct server_case *c, struct spec *out)
{
    struct parameter name = {.value = SLICE("git")};
    struct parameter parameters[] = {
        {.value = SLICE("https://git.example.org/a")},
        {.key = SLICE("branch"), .value = slice_of(c->branch)},
    };
    struct error e = {0};
    assert_true(spec_make(a, "", &name, parameters, c->branch ? 2 : 1, out, &e));
    out->prefix = c->prefix;
}

/* What git http-backend would answer: the greeting to GET, the service's answer to POST. */
static struct slice serve(struct arena *a, const char *dir, int version,
                          const struct request *request)
{
    const char *service =
        arena_printf(a, "GIT_PROTOCOL=version=%d git upload-pack --stateless-rpc", version);
    if (!request->method)
        return output_bytes(a, dir, arena_printf(a, "%s --advertise-refs .git", service));
    assert_string_equal(request->method, "POST");
    FILE *body = fopen(arena_printf(a, "%s/.git/request", dir), "wb");
    assert_non_null(body);
    assert_int_equal(fwrite(request->body.ptr, 1, request->body.len, body), request->body.len);
    assert_int_equal(fclose(body), 0);
    return output_bytes(a, dir, arena_printf(a, "%s .git <.git/request", service));
}

static void test_server(void **state)
{
    const struct server_case *c = *state;
    struct arena a = {0};
    struct spec spec;
    struct error e = {0};
    struct candidates found = {0};
    const char *dir = arena_printf(&a, "%s/%s", root, c->repository);
    unsigned pages = 0;
    make_spec(&a, c, &spec);
    do {
        struct page page = found.next;
        struct request request = {0};
        assert_true(spec.source->request(&spec, &page, &a, &request, &e));
        struct response answer = {.status = 200, .url = request.url};
        answer.body = serve(&a, dir, c->version, &request);
        found.more = false;
        if (!spec.source->parse(&spec, &page, &answer, &a, &found, &e))
            fail_msg("%s", e.message);
        pages++;
    } while (found.more);
    assert_int_equal(pages, c->version == 2 ? 2 : 1);
    assert_string_equal(tag_lines(&a, &found), output(&a, dir, c->command));
    arena_free(&a);
}

int main(void)
{
    enum { COUNT = sizeof cases / sizeof cases[0] };
    struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, test_server, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    if (!has_git("git server"))
        return 0;
    return cmocka_run_group_tests_name("git server", tests, make_repositories, remove_repositories);
}
