/* The repository's functions from a command line, for tests against real servers.
 *
 * usage: repository_tool DIRECTORY REMOTE fetch
 *        repository_tool DIRECTORY REMOTE push BRANCH EXPECTED|- PATH FILE
 *        repository_tool DIRECTORY REMOTE delete BRANCH EXPECTED
 *
 * TEST_TOKEN, TEST_CA and TEST_SSH_KEY are what the options hold. Prints what was done, or "error
 * CODE MESSAGE" with exit status 1. */
#include "git/repository.h"
#include "watcher/base/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *give_token(void *arg)
{
    (void)arg;
    return getenv("TEST_TOKEN");
}

static int64_t fixed_now(void *arg)
{
    (void)arg;
    return 1700000000;
}

static int tell(const struct error *e)
{
    static const char *const names[] = {"NONE",    "USAGE",   "RECIPE",   "UPSTREAM",
                                        "NETWORK", "REFUSED", "CONFLICT", "SYSTEM"};
    printf("error %s %s\n", names[e->code], e->message);
    return 1;
}

static struct oid oid_from(const char *text)
{
    struct oid oid = {""};
    if (strcmp(text, "-") != 0)
        snprintf(oid.hex, sizeof oid.hex, "%s", text);
    return oid;
}

static int list(const struct repository *r)
{
    printf("base %s %s\n", repository_base(r), repository_base_tip(r).hex);
    for (const char *const *b = repository_branches(r); *b; b++)
        printf("branch %s %s\n", *b, repository_branch_tip(r, *b).hex);
    return 0;
}

static int push(struct repository *r, char **words)
{
    struct error e = {0};
    struct buf content = {0};
    struct oid made, base = repository_base_tip(r), expected = oid_from(words[1]);
    bool good = file_read(words[3], &content, &e);
    struct tree_change change = {words[2], buf_slice(&content)};
    good = good && repository_commit(r, &base, &change, 1, "Update it", &made, &e) &&
           repository_push(r, words[0], &expected, &made, &e);
    buf_free(&content);
    if (good)
        printf("pushed %s\n", made.hex);
    return good ? 0 : tell(&e);
}

static int delete_branch(struct repository *r, char **words)
{
    struct error e = {0};
    struct oid expected = oid_from(words[1]);
    if (!repository_delete(r, words[0], &expected, &e))
        return tell(&e);
    printf("deleted\n");
    return 0;
}

static int run(struct repository *r, int count, char **words)
{
    struct error e = {0};
    if (!repository_fetch(r, "mwatch/", &e))
        return tell(&e);
    if (strcmp(words[0], "fetch") == 0)
        return list(r);
    if (strcmp(words[0], "push") == 0 && count == 5)
        return push(r, words + 1);
    if (strcmp(words[0], "delete") == 0 && count == 3)
        return delete_branch(r, words + 1);
    fputs("usage: see the source\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct context ctx;
    struct error e = {0};
    if (argc < 4)
        return 2;
    struct repository_options options = {.directory = argv[1],
                                         .remote = argv[2],
                                         .author = {"a", "a@example.org"},
                                         .committer = {"a", "a@example.org"},
                                         .token = give_token,
                                         .ca_file = getenv("TEST_CA"),
                                         .ssh_key = getenv("TEST_SSH_KEY")};
    signal(SIGPIPE, SIG_IGN);
    context_init(&ctx);
    ctx.level = LOG_INFO;
    ctx.now = fixed_now;
    struct repository *r = repository_open(&ctx, &options, &e);
    int status = r ? run(r, argc - 3, argv + 3) : tell(&e);
    repository_close(r);
    return status;
}
