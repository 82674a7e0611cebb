/* Prove: fetch what the recipes will pin, hash it, and let upstream's own word confirm it. */
#ifndef MWATCH_PROVE_H
#define MWATCH_PROVE_H

#include "watcher/outcome.h"

/* For every row that is to be rewritten: read its recipe, find what moves, and fill in each
 * renewal's value and the proofs. An artefact that cannot be had, is not what it should be, or is
 * contradicted by upstream turns the row into an error; the others go on. */
void prove_run(const struct context *ctx, struct http *http, const char *root,
               struct results *results);

#endif
