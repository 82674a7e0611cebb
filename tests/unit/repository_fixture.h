/* Repositories for tests: a bare remote whose base moved on after a clone of it was made, and that
 * has a branch of mwatch's; made with git's own program in a new folder. Include after cmocka.h. */
#ifndef MWATCH_TESTS_UNIT_REPOSITORY_FIXTURE_H
#define MWATCH_TESTS_UNIT_REPOSITORY_FIXTURE_H

#include "git/repository.h"
#include "tests/unit/git_program.h"
#include "tests/unit/unit.h"

#include <signal.h>

#define NOW 1700000000

/* remote.git: main of 6 commits; mwatch/jenkins, one commit over the fourth; mwatch/person, two
 * commits of somebody's over one of mwatch's over the fifth; other, which is nobody's business. */
#define REMOTE                                                                                     \
    "git init -q -b main seed && cd seed && mkdir -p a/b && echo 1 >a/b/one && echo 1 >a/two &&"   \
    "echo '#!/bin/sh' >run && chmod +x run && ln -s a/two link && git add . &&"                    \
    "git commit -qm first && for n in 2 3 4; do echo $n >a/two && git commit -qam $n; done &&"     \
    "git branch other && git checkout -qb mwatch/jenkins && echo new >a/b/one &&"                  \
    "git commit -qam 'Update one' && git checkout -q main && echo 5 >a/two &&"                     \
    "git commit -qam 5 && git checkout -qb mwatch/person && echo x >a/b/one &&"                    \
    "git commit -qam 'Update one' && echo y >a/b/one && git commit -qam mine --author "            \
    "'P <p@example.org>' && git checkout -q main && cd .. &&"                                      \
    "git clone -q --bare seed remote.git && git -C remote.git config gc.auto 0"

/* The folder with seed and remote.git that each test gets a copy of: made once. */
static char *fixture_template;

static inline int fixture_template_make(void **state)
{
    (void)state;
    fixture_template = folder_make();
    shell(fixture_template, REMOTE);
    return 0;
}

static inline int fixture_template_remove(void **state)
{
    (void)state;
    folder_remove(fixture_template);
    return 0;
}

/* The base moves on where a clone made before does not see it. */
#define MOVE                                                                                       \
    "git -C seed checkout -q main && echo 6 >seed/a/two && git -C seed commit -qam 6 &&"           \
    "git -C seed push -q ../remote.git main"

struct fixture {
    char *dir;
    struct arena a;
    struct context ctx;
    struct repository_options options;
    struct repository *r;
};

static inline int64_t fixed_now(void *arg)
{
    (void)arg;
    return NOW;
}

static inline const char *in_dir(struct fixture *f, const char *name)
{
    return arena_printf(&f->a, "%s/%s", f->dir, name);
}

/* What decides about repositories must not be the machine's. */
static inline void forget_configuration(void)
{
    static const char *const names[] = {
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL",
        "XDG_CONFIG_HOME", "GIT_DIR",          "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    setenv("HOME", "/nonexistent", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    signal(SIGPIPE, SIG_IGN);
}

static inline struct fixture *fixture_make(const char *script)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->dir = folder_make();
    context_init(&f->ctx);
    f->ctx.now = fixed_now;
    f->ctx.messages = NULL;
    f->options = (struct repository_options){.directory = in_dir(f, "work"),
                                             .author = {"a", "a@example.org"},
                                             .committer = {"a", "a@example.org"}};
    shell(f->dir, arena_printf(&f->a, "cp -R %s/. . && %s", fixture_template, script));
    return f;
}

static inline void fixture_close(struct fixture *f)
{
    repository_close(f->r);
    f->r = NULL;
}

static inline void fixture_free(struct fixture *f)
{
    fixture_close(f);
    folder_remove(f->dir);
    arena_free(&f->a);
    free(f);
}

static inline void assert_well(bool good, const struct error *e)
{
    if (!good)
        fail_msg("%s", e->message);
    assert_false(error_is_set(e));
}

static inline struct repository *fixture_open(struct fixture *f)
{
    struct error e = {0};
    fixture_close(f);
    f->r = repository_open(&f->ctx, &f->options, &e);
    assert_well(f->r != NULL, &e);
    return f->r;
}

static inline struct repository *fixture_fetch(struct fixture *f)
{
    struct error e = {0};
    struct repository *r = fixture_open(f);
    assert_well(repository_fetch(r, "mwatch/", &e), &e);
    return r;
}

/* What git says of a revision of the remote's; "" when there is none. */
static inline const char *remote_id(struct fixture *f, const char *revision)
{
    return output(&f->a, in_dir(f, "remote.git"),
                  arena_printf(&f->a, "git rev-parse -q --verify '%s' || true", revision));
}

static inline struct oid remote_oid(struct fixture *f, const char *revision)
{
    struct oid oid = {""};
    snprintf(oid.hex, sizeof oid.hex, "%s", remote_id(f, revision));
    return oid;
}

/* One file changed over the base. */
static inline struct oid commit_file(struct fixture *f, const char *path, const char *content)
{
    struct error e = {0};
    struct oid out, base = repository_base_tip(f->r);
    struct tree_change change = {path, slice_of(content)};
    assert_well(repository_commit(f->r, &base, &change, 1, "Update it", &out, &e), &e);
    return out;
}

#endif
