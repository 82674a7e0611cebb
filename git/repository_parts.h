/* What the files behind git/repository.h share. */
#ifndef MWATCH_GIT_REPOSITORY_PARTS_H
#define MWATCH_GIT_REPOSITORY_PARTS_H

#include "git/repository.h"

#include <git2.h>

/* A branch of the remote's. */
struct branch {
    const char *name; /* without refs/heads/ */
    git_oid tip;
};

/* Where the remote is. */
struct place {
    const char *url;                   /* without user and password, unless ssh's user */
    const char *user_name, *pass_word; /* that stood in an https URL; NULL = none */
};

struct repository {
    const struct context *ctx;
    struct repository_options options;
    struct arena arena;

    git_repository *user;  /* the user's: only read */
    git_repository *own;   /* in `folder`, borrows the user's objects */
    char *folder;          /* absolute, ours alone */
    bool partial;          /* objects may be missing in the user's, so nothing is borrowed */
    VEC(git_oid) shallow;  /* commits whose parents the user's clone leaves out */
    git_signature *author; /* without a time */
    git_signature *committer;

    struct place fetch, push;
    const char *public_url;
    const char *prefix; /* of the options' directory below the work tree */

    struct arena fetched; /* what the last fetch told, below */
    const char *base;     /* NULL until it is known */
    git_oid base_tip;     /* zero until it is known */
    VEC(struct branch) branches;
    const char **names;

    struct oid_set *base_history; /* in `fetched`; NULL until it is asked for */
};

/* As error_set, with ": " and libgit2's last words after it. Returns false. */
bool git_fail(struct error *e, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Have libgit2 open every kind of repository that can be read, partial clones too. */
void git_accept_extensions(void);

/* Open what the directory is in. ERROR_USAGE. */
bool git_open_directory(git_repository **out, const char *directory, struct error *e);

/* Where the directory is below the root of the work tree: "" or "os/", in the arena. */
const char *git_prefix(struct arena *a, git_repository *user, const char *directory);

/* Add the path of the file that lists where a shallow history ends; of others there is none. */
void git_shallow_file(git_repository *user, struct buf *path);

struct oid oid_of(const git_oid *id);

/* ERROR_USAGE when the text is no object id. */
bool oid_parse(const struct oid *oid, git_oid *out, struct error *e);

/* True where commits' parents may be missing. */
bool repository_is_cut(const struct repository *r);

/* Make the repository of mwatch's own, and remove it. ERROR_SYSTEM. */
bool workspace_open(struct repository *r, struct error *e);
void workspace_close(struct repository *r);

/* Read the remote's addresses. ERROR_USAGE. */
bool places_read(struct repository *r, struct error *e);

/* Read who commits. ERROR_USAGE. */
bool identity_read(struct repository *r, struct error *e);

/* The value of a key of git's configuration, in the arena; NULL when it is not set. */
const char *config_text(struct repository *r, const char *key);
const char *config_path(struct repository *r, const char *key);

/* Sign a commit's bytes; *signature gets the armoured signature without a line break at its end.
 * ERROR_REFUSED, ERROR_USAGE (no key). */
bool commit_sign(struct repository *r, struct slice commit, struct buf *signature, struct error *e);

#endif
