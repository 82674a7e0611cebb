/* How many questions a batch holds: as many as the server takes, found out by asking. Pure. */
#ifndef MWATCH_BATCH_SIZE_H
#define MWATCH_BATCH_SIZE_H

#include <stddef.h>

enum { BATCH_WIDEST = 2 }; /* batches under way at once */

/* GitHub gives a query ten seconds, and all queries of a user a minute of processor time in a
 * minute: so few are under way at once, and only one while the size is being found out. */
struct batch_size {
    size_t now;        /* questions in a batch */
    size_t start;      /* in the first one */
    size_t most;       /* never more */
    size_t bad;        /* this many were too much; most + 1 = none were */
    size_t good;       /* this many went well since something was too much, 0 = not known */
    size_t peak;       /* the largest that ever went well */
    unsigned calm;     /* rounds gone well since `now` came next to `bad` */
    unsigned patience; /* so many of them, and `bad` is forgotten */
};

void batch_size_init(struct batch_size *s, size_t start, size_t most);

/* How many batches the next round may have. */
unsigned batch_size_width(const struct batch_size *s);

/* A round went well in which the largest batch had `asked` questions: grow halfway to what was too
 * much, else double up to the size of the first batch and then add a quarter. Now and then, try
 * again what was too much. */
void batch_size_worked(struct batch_size *s, size_t asked);

/* A batch of `asked`, which are two or more, was too much: halve, or go back to what went well. */
void batch_size_failed(struct batch_size *s, size_t asked);

/* A question failed alone, so it was not the size that made the others with it fail. */
void batch_size_alone(struct batch_size *s);

#endif
