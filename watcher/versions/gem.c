/* RubyGems' versions, as Gem::Version reads them (rubygems/lib/rubygems/version.rb): segments of
 * digits or of letters, any letter makes a pre-release, 1.0 is 1.0.0. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

struct segment {
    struct slice text;
    bool word;
    bool dotted; /* at the start or after a "." or "-", not directly after a segment */
};

/* Never more segments than bytes: a "-" adds at most one of its own. */
struct gem {
    size_t count;
    struct segment segments[SCHEME_LONGEST];
};

static bool is_alphanumeric(char c)
{
    return is_digit(c) || is_letter(c);
}

static bool is_alphanumeric_or_hyphen(char c)
{
    return is_alphanumeric(c) || c == '-';
}

/* [0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)? */
static bool gem_valid(struct slice version)
{
    if (!scan_length_ok(version) || scan_digits(&version).len == 0)
        return false;
    while (scan_byte(&version, '.'))
        if (scan_while(&version, is_alphanumeric).len == 0)
            return false;
    if (!scan_byte(&version, '-'))
        return version.len == 0;
    do {
        if (scan_while(&version, is_alphanumeric_or_hyphen).len == 0)
            return false;
    } while (scan_byte(&version, '.'));
    return version.len == 0;
}

static void add_segment(struct gem *g, struct slice text, bool word, bool dotted)
{
    if (g->count < SCHEME_LONGEST)
        g->segments[g->count++] = (struct segment){text, word, dotted};
}

static bool is_hyphen(char c)
{
    return c == '-';
}

/* A hyphen before an identifier with a letter in it is a dot; before any other it is ".pre.", so
 * that 1.0-1 is a pre-release; hyphens at the very end are nothing. */
static bool hyphen_means_pre(struct slice after)
{
    struct slice identifier = scan_while(&after, is_alphanumeric);
    for (size_t i = 0; i < identifier.len; i++)
        if (is_letter(identifier.ptr[i]))
            return false;
    if (identifier.len)
        return true;
    scan_while(&after, is_hyphen);
    return after.len > 0;
}

/* Take one segment of digits or of letters off the front of *rest; false when none is there. */
static bool take_segment(struct slice *rest, struct gem *g, bool dotted)
{
    struct slice digits = scan_digits(rest);
    struct slice text = digits.len ? digits : scan_letters(rest);
    if (text.len)
        add_segment(g, text, digits.len == 0, dotted);
    return text.len > 0;
}

static void add_segments(struct gem *g, struct slice rest)
{
    bool dotted = true;
    g->count = 0;
    while (rest.len) {
        if (take_segment(&rest, g, dotted)) {
            dotted = false;
            continue;
        }
        if (scan_peek(rest) == '-' && hyphen_means_pre(slice_from(rest, 1)))
            add_segment(g, SLICE("pre"), true, true);
        rest = slice_from(rest, 1);
        dotted = true;
    }
}

static bool is_zero(const struct segment *s)
{
    return !s->word && number_is_zero(s->text);
}

static void remove_segments(struct gem *g, size_t start, size_t end)
{
    for (size_t i = end; i < g->count; i++)
        g->segments[start + i - end] = g->segments[i];
    g->count -= end - start;
}

/* 1.0.0.b1 is 1.b1: only the first run of zeros that ends at a letter goes, as in Gem::Version, and
 * a zero directly after a letter (a0b) stays. */
static void drop_zeros_before_word(struct gem *g)
{
    for (size_t start = 0, end; start < g->count; start = end + 1) {
        for (end = start; end < g->count && is_zero(&g->segments[end]); end++)
            ;
        if (end < g->count && start < end && !g->segments[start].dotted)
            start++;
        if (end < g->count && start < end && g->segments[end].word) {
            remove_segments(g, start, end);
            return;
        }
    }
}

/* "pre" before a word says nothing that the word does not say. */
static void drop_redundant_pre(struct gem *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++)
        if (i + 1 == g->count || !g->segments[i + 1].word || !slice_is(g->segments[i].text, "pre"))
            g->segments[kept++] = g->segments[i];
    g->count = kept;
}

static void gem_parse(struct slice version, struct gem *g)
{
    add_segments(g, version);
    while (g->count > 1 && is_zero(&g->segments[g->count - 1]))
        g->count--;
    drop_zeros_before_word(g);
    drop_redundant_pre(g);
}

static bool gem_prerelease(struct slice version)
{
    struct gem g;
    add_segments(&g, version);
    for (size_t i = 0; i < g.count; i++)
        if (g.segments[i].word)
            return true;
    return false;
}

static int compare_segments(const struct segment *a, const struct segment *b)
{
    if (a->word != b->word)
        return a->word ? -1 : 1;
    return a->word ? slice_compare(a->text, b->text) : number_compare(a->text, b->text);
}

static int gem_compare(struct slice a, struct slice b)
{
    static const struct segment zero; /* what a missing segment counts as */
    struct gem left, right;
    gem_parse(a, &left);
    gem_parse(b, &right);
    for (size_t i = 0; i < left.count || i < right.count; i++) {
        int order = compare_segments(i < left.count ? &left.segments[i] : &zero,
                                     i < right.count ? &right.segments[i] : &zero);
        if (order)
            return order;
    }
    return 0;
}

const struct scheme scheme_gem = {
    .name = "gem",
    .summary = "RubyGems' Gem::Version; pre-release: any letter, or a hyphen; 1.0 = 1.0.0",
    .valid = gem_valid,
    .prerelease = gem_prerelease,
    .compare = gem_compare,
};
