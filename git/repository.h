/* The repository that proposals are made in, through libgit2: commits on top of the remote's base
 * branch, and pushes that never overwrite what somebody else pushed.
 *
 * Nothing is written to the user's repository: what is fetched and committed lives in a repository
 * of mwatch's own in the temporary folder, which borrows the user's objects and is gone after
 * repository_close. So work tree, index, HEAD, refs and objects stay as they are, dirty or not, and
 * a read-only clone will do; bare repositories, worktrees, shallow and partial clones work.
 *
 * The remote is https://, ssh:// (or user@host:path), git://, or a path of this machine, which is
 * spoken to through git's own programs so that hooks and locks work as everywhere. */
#ifndef MWATCH_GIT_REPOSITORY_H
#define MWATCH_GIT_REPOSITORY_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/context.h"
#include "watcher/base/error.h"

enum { OID_HEX = 64 }; /* digits at most: SHA-256 repositories have 64, others 40 */

struct oid {
    char hex[OID_HEX + 1]; /* "" = none */
};

struct signature {
    const char *name, *email;
};

/* How commits are signed, through the user's own program, as git does it (gpg.format,
 * user.signingKey). */
enum signing { SIGN_NOT, SIGN_OPENPGP, SIGN_SSH };

struct repository_options {
    const char *directory;              /* a work tree, something below one, or a bare repository */
    const char *remote;                 /* a remote's name or URL; NULL = "origin" */
    const char *base;                   /* the branch proposals go into; NULL = the remote's HEAD */
    struct signature author, committer; /* a NULL name = git's own configuration, else an error */
    enum signing signing;
    const char *signing_key;     /* key id; or the file of an SSH key, or a public key that the
                                    agent knows ("ssh-ed25519 AAAA..."); NULL = user.signingKey */
    const char *signing_program; /* NULL = gpg.program / gpg.ssh.program, else gpg / ssh-keygen */
    /* The token for https, bare: asked for when the server wants one, sent over TLS only and as the
     * password of x-access-token, never kept in a URL or on disk. NULL, or a NULL answer, = what
     * the remote's URL says, else anonymous. For ssh, the agent, else `ssh_key`. */
    const char *(*token)(void *arg);
    void *token_arg;
    const char *ssh_key; /* file of a private key without a passphrase; NULL = the agent */
    const char *ca_file; /* NULL = SSL_CERT_FILE, else the system's certificates */
};

struct repository;

/* Open and read where things are; asks the network for nothing. ERROR_USAGE: no repository there,
 * no such remote, no author. ERROR_SYSTEM: no room in the temporary folder. The options' texts must
 * outlive it. */
struct repository *repository_open(const struct context *ctx,
                                   const struct repository_options *options, struct error *e);
void repository_close(struct repository *r);

/* The remote's address without user and password, for the forge to find owner and name. */
const char *repository_remote_url(const struct repository *r);

/* Where the options' directory is below the root of the work tree: "" for the root itself and for a
 * bare repository, else with a slash at its end ("os/"). Paths of files in commits begin with it.
 */
const char *repository_prefix(const struct repository *r);

/* Who commits, as the options or git's configuration say. */
struct signature repository_committer(const struct repository *r);

/* The base branch's name ("main"); known after repository_fetch when it was not given. */
const char *repository_base(const struct repository *r);

/* Ask the remote for its base branch and every branch below `prefix` ("mwatch/"), and fetch what
 * the user's clone does not have. Where that is shallow or partial, only the newest commit of each
 * and its parent are fetched, as a whole history may be hundreds of megabytes. ERROR_NETWORK,
 * ERROR_REFUSED (credentials, certificate, no repository), ERROR_USAGE (no such base). */
bool repository_fetch(struct repository *r, const char *prefix, struct error *e);

/* The fetched tip of the base, and of a branch of the remote's ("" when the remote has no such
 * branch). */
struct oid repository_base_tip(const struct repository *r);
struct oid repository_branch_tip(const struct repository *r, const char *branch);

/* The remote's branches below the prefix, NULL-ended, borrowed until the next fetch. */
const char *const *repository_branches(const struct repository *r);

/* One commit of a branch that the base does not have, newest first. Where history ends before the
 * base is met (a shallow clone), the last commit it reaches is taken for the base's unless it is
 * the branch's tip: it was fetched as a parent only. At most 250 are listed. */
struct branch_commit {
    struct oid oid, parent;
    const char *author_email, *committer_email, *message;
    int64_t time;
};
struct branch_commits {
    VEC(struct branch_commit) list;
    struct oid fork; /* where the branch left the base; "" when that is beyond a shallow history */
};
bool repository_log(struct repository *r, struct arena *a, const char *branch,
                    struct branch_commits *out, struct error *e);

/* A file of a commit's tree; false without an error when it is not there (out is empty then).
 * ERROR_CONFLICT when it is a symbolic link; ERROR_SYSTEM when it is larger than out->max. */
bool repository_read(struct repository *r, const struct oid *commit, const char *path,
                     struct buf *out, struct error *e);

/* A file of a new commit: its whole new content. The mode of the file that was there stays; a new
 * one is a plain file. */
struct tree_change {
    const char *path;
    struct slice content;
};

/* Write blobs, trees and a commit with the one parent, signed as the options say. The same input at
 * the same time (the context's clock) gives the same id. ERROR_CONFLICT when a path is no file, or
 * the parent has this very content already; ERROR_REFUSED when the signing program makes no
 * signature; ERROR_SYSTEM. */
bool repository_commit(struct repository *r, const struct oid *parent,
                       const struct tree_change *changes, size_t count, const char *message,
                       struct oid *out, struct error *e);

/* Can the branch's tip be merged into the base's tip without a conflict? No, too, when the history
 * that is here does not reach back to where they part. */
bool repository_merges(struct repository *r, const struct oid *tip, bool *merges, struct error *e);

/* Move a branch of the remote's from `expected` ("" = it must not exist yet) to `to`, with a lease:
 * when it is elsewhere by now, ERROR_CONFLICT, and nothing has moved; the server itself compares in
 * the moment it writes. A branch that is at `to` already is well. The remote's ref is read again
 * afterwards, because a push may report success without it. ERROR_REFUSED, with the server's words,
 * when it takes no push (credentials, hooks, protected branches); ERROR_USAGE for the base branch
 * and for names that git does not allow; ERROR_NETWORK. */
bool repository_push(struct repository *r, const char *branch, const struct oid *expected,
                     const struct oid *to, struct error *e);

/* Delete a branch of the remote's that is at `expected`, with the same lease. */
bool repository_delete(struct repository *r, const char *branch, const struct oid *expected,
                       struct error *e);

#endif
