/* A private key that signs JSON web tokens. Only git/app.c includes this. */
#ifndef MWATCH_GIT_APP_KEY_H
#define MWATCH_GIT_APP_KEY_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"

#include <stdint.h>

struct app_key;

/* Read an RSA key in PEM form, without a pass phrase. ERROR_USAGE naming the file. */
struct app_key *app_key_read(const char *file, struct error *e);
void app_key_free(struct app_key *key);

/* Add a JSON web token (RFC 7519, signed with RS256) that says who issued it and when it was issued
 * and ends, in seconds since 1970. ERROR_SYSTEM when it cannot be signed. */
bool app_key_sign(const struct app_key *key, const char *issuer, int64_t issued, int64_t ends,
                  struct buf *out, struct error *e);

#endif
