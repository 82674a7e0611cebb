#include "watcher/cvss.h"

enum metric { AV, AC, PR, UI, S, C, I, A, METRICS };

static const char *const names[METRICS] = {"AV", "AC", "PR", "UI", "S", "C", "I", "A"};

/* The letters a metric may have, each beside its weight (section 7.4). */
static const struct {
    const char *letters;
    double weights[4];
} weights[METRICS] = {
    {"NALP", {0.85, 0.62, 0.55, 0.2}},
    {"LH", {0.77, 0.44}},
    {"NLH", {0.85, 0.62, 0.27}},
    {"NR", {0.85, 0.62}},
    {"UC", {0, 1}},
    {"NLH", {0, 0.22, 0.56}},
    {"NLH", {0, 0.22, 0.56}},
    {"NLH", {0, 0.22, 0.56}},
};

static bool read_metric(struct slice part, double *values, bool *seen)
{
    size_t colon = slice_find_byte(part, ':');
    struct slice name = slice_first(part, colon), value = slice_from(part, colon + 1);
    if (colon == SLICE_NONE)
        return false;
    for (size_t i = 0; i < METRICS; i++) {
        if (!slice_is(name, names[i]))
            continue;
        size_t at = value.len == 1 ? slice_find_byte(slice_of(weights[i].letters), value.ptr[0])
                                   : SLICE_NONE;
        if (at == SLICE_NONE || seen[i])
            return false;
        seen[i] = true;
        values[i] = weights[i].weights[at];
    }
    return true;
}

static bool read_vector(struct slice vector, double *values)
{
    bool seen[METRICS] = {false};
    struct slice part;
    slice_split(&vector, '/', &part);
    if (!slice_is(part, "CVSS:3.0") && !slice_is(part, "CVSS:3.1"))
        return false;
    while (slice_split(&vector, '/', &part))
        if (!read_metric(part, values, seen))
            return false;
    for (size_t i = 0; i < METRICS; i++)
        if (!seen[i])
            return false;
    return true;
}

/* Appendix A of 3.1: the next tenth, without what binary fractions add. */
static int round_up(double score)
{
    long units = (long)(score * 100000 + 0.5);
    return (int)((units + 9999) / 10000);
}

static double to_the_15th(double x)
{
    double x3 = x * x * x;
    return x3 * x3 * x3 * x3 * x3;
}

int cvss_score(struct slice vector)
{
    double v[METRICS];
    if (!read_vector(vector, v))
        return -1;
    bool changed = v[S] > 0;
    double privileges = v[PR];
    if (changed && privileges < 0.85)
        privileges = privileges < 0.5 ? 0.5 : 0.68; /* 7.4: other weights when scope changes */
    double lost = 1 - (1 - v[C]) * (1 - v[I]) * (1 - v[A]);
    double impact = changed ? 7.52 * (lost - 0.029) - 3.25 * to_the_15th(lost - 0.02) : 6.42 * lost;
    double ease = 8.22 * v[AV] * v[AC] * privileges * v[UI];
    if (impact <= 0)
        return 0;
    double score = (changed ? 1.08 : 1) * (impact + ease);
    return round_up(score > 10 ? 10 : score);
}

const char *cvss_word(int score)
{
    static const struct {
        int from;
        const char *word;
    } words[] = {{90, "critical"}, {70, "high"}, {40, "medium"}, {1, "low"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (score >= words[i].from)
            return words[i].word;
    return NULL;
}
