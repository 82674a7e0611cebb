#include "watcher/batch_size.h"

enum { PATIENCE = 8 };

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void batch_size_init(struct batch_size *s, size_t start, size_t most)
{
    *s = (struct batch_size){.most = larger(most, 1), .patience = PATIENCE};
    s->start = s->now = larger(smaller(start, s->most), 1);
    s->bad = s->most + 1;
}

unsigned batch_size_width(const struct batch_size *s)
{
    return s->now <= s->good ? BATCH_WIDEST : 1;
}

/* What was too much may have been a moment's overload; trying it again costs one request. */
static void lose_patience(struct batch_size *s)
{
    if (s->bad > s->most || ++s->calm < s->patience)
        return;
    s->now = s->bad;
    s->bad = s->most + 1;
    s->patience *= 2;
    s->calm = 0;
}

static size_t step_of(const struct batch_size *s)
{
    if (s->bad <= s->most)
        return (s->bad - s->now) / 2;
    return s->now < s->start ? smaller(s->now, s->start - s->now) : s->now / 4;
}

void batch_size_worked(struct batch_size *s, size_t asked)
{
    s->peak = larger(s->peak, asked);
    if (asked < s->now)
        return; /* the last few say nothing about the size */
    s->good = asked;
    if (s->now + 1 >= s->bad)
        lose_patience(s);
    else
        s->now = smaller(s->now + larger(step_of(s), 1), smaller(s->most, s->bad - 1));
}

void batch_size_failed(struct batch_size *s, size_t asked)
{
    size_t half = larger(asked / 2, 1);
    s->bad = asked;
    s->calm = 0;
    s->now = s->good > half && s->good < asked ? s->good : half;
    s->good = 0;
}

void batch_size_alone(struct batch_size *s)
{
    s->now = larger(s->now, s->peak);
    s->good = 0;
    s->bad = s->most + 1;
}
