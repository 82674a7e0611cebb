/* Fuzzes the schemes: an input is up to three lines, three versions. Every scheme must order those
 * that it takes, and none may stumble over the others. */
#include "watcher/versions/scheme.h"

#include <stdint.h>
#include <stdlib.h>

enum { VERSIONS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

/* What holds of any text. */
static void check_text(const struct scheme *s, struct slice v)
{
    bool valid = s->valid(v), prerelease = scheme_prerelease(s, v);
    require(!valid || (v.len > 0 && v.len <= SCHEME_LONGEST));
    require(!valid || prerelease == s->prerelease(v));
    require(!valid || s->compare(v, v) == 0);
    require(scheme_level(s, v, v) == LEVEL_SAME);
    require(scheme_in_stream(v, v));
    for (size_t count = 0; count < 4; count++)
        require(scheme_in_stream(v, scheme_series(v, count)));
}

static void check_pair(const struct scheme *s, struct slice a, struct slice b)
{
    enum level level = scheme_level(s, a, b);
    require(level == scheme_level(s, b, a));
    if (!s->valid(a) || !s->valid(b))
        return;
    int order = sign(s->compare(a, b));
    require(order == -sign(s->compare(b, a)));
    require((order == 0) == (level == LEVEL_SAME));
}

static void check_triple(const struct scheme *s, const struct slice *v)
{
    if (!s->valid(v[0]) || !s->valid(v[1]) || !s->valid(v[2]))
        return;
    for (size_t i = 0; i < VERSIONS; i++) {
        struct slice a = v[i], b = v[(i + 1) % VERSIONS], c = v[(i + 2) % VERSIONS];
        int ab = sign(s->compare(a, b)), bc = sign(s->compare(b, c)), ac = sign(s->compare(a, c));
        if (ab >= 0 && bc >= 0)
            require(ac >= 0 && (ac == 0) == (ab == 0 && bc == 0));
        if (ab <= 0 && bc <= 0)
            require(ac <= 0 && (ac == 0) == (ab == 0 && bc == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_new((const char *)data, size), v[VERSIONS] = {{0}};
    for (size_t i = 0; i < VERSIONS; i++)
        slice_line(&rest, &v[i]);
    for (const struct scheme *const *s = scheme_all(); *s; s++) {
        for (size_t i = 0; i < VERSIONS; i++) {
            check_text(*s, v[i]);
            check_pair(*s, v[i], v[(i + 1) % VERSIONS]);
        }
        check_triple(*s, v);
    }
    return 0;
}
