/* Logins for registries, as `docker login` and `podman login` keep them: docker's config.json, and
 * containers-auth.json(5), which is the same but for keys that name a part of a registry. */
#ifndef MWATCH_LOGIN_FILE_H
#define MWATCH_LOGIN_FILE_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

struct login_entry {
    const char *key;      /* as written: "https://index.docker.io/v1/", "ghcr.io/owner" */
    struct slice host;    /* perhaps with a port; all names of Docker Hub are "docker.io" */
    struct slice path;    /* of the images it is for; empty = all of the registry's */
    const char *basic;    /* secret: "Basic ..."; NULL = none */
    const char *identity; /* secret: a refresh token; NULL = none */
};

/* A registry that is left to a program, docker-credential-NAME. */
struct login_helper {
    struct slice host;
    const char *program; /* NAME */
};

struct login_file {
    const char *name; /* for messages */
    VEC(struct login_entry) entries;
    VEC(struct login_helper) helpers;
    const char *store;            /* the program for all other registries; NULL = none */
    VEC(const char *) complaints; /* about entries that are left out, whole sentences */
};

/* Read the text of a file. ERROR_USAGE with the file's name, and line and column where it is no
 * JSON; an entry that cannot be used is left out with a complaint. Messages never quote what may be
 * secret. Everything is in the arena but the file's name. */
bool login_file_read(struct arena *a, const char *name, struct slice text, struct login_file *out,
                     struct error *e);

/* The entry for an image ("owner/name" at "ghcr.io"): the one whose path says most, and of equal
 * ones the one whose key is no URL. NULL when there is none. */
const struct login_entry *login_file_find(const struct login_file *file, struct slice host,
                                          struct slice path);

/* The program that a registry is left to; NULL when it is left to none. */
const char *login_file_helper(const struct login_file *file, struct slice host);

/* A registry's name as entries have it: without the port that is https's own, and one name for all
 * of Docker Hub's. */
struct slice login_host(struct slice host);

/* Overwrite all secrets. */
void login_file_wipe(struct login_file *file);

#endif
