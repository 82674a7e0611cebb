/* Versions of Jenkins and its plugins, as Jenkins' hudson.util.VersionNumber orders them: Maven's
 * ComparableVersion with "ea" and "*" added.
 *
 * VersionNumber's own order is no order: 1.0.rc < 1 < 1-sp < 1.0.rc goes round in a circle, and so
 * do 1-0-rc and 1-sp; * and a number are equal seen from one side only; SNAPSHOT equals every
 * timestamp. So here zeros before a word count for nothing wherever they stand, a list that is
 * empty so far is none, * is above every number, and a timestamp is above plain SNAPSHOT. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"
#include "watcher/versions/words.h"

/* In the order of the versions that have them at the same place. */
enum kind {
    KIND_WORD,
    KIND_LIST, /* a number after "digit-": 1-1 is below 1.1 */
    KIND_NUMBER,
    KIND_WILDCARD,
};

/* Ranks of words; 0 also stands for the end of a version. */
enum { RANK_NONE = 0, RANK_OTHER = 2 };

struct item {
    enum kind kind;
    int rank; /* of a word; below 0 = pre-release */
    struct slice text;
};

/* A number can bring one more item, the list that it opens. */
struct jenkins {
    size_t count;
    struct item items[2 * SCHEME_LONGEST];
    struct slice timestamp; /* "20170207.105042" of a deployed snapshot; else empty */
    struct slice build;     /* and its counter */
};

static const struct {
    const char *word;
    int rank;
} qualifiers[] = {
    {"alpha", -5}, {"beta", -4},     {"milestone", -3}, {"rc", -2}, {"cr", -2},
    {"ea", -2},    {"snapshot", -1}, {"ga", RANK_NONE}, {"sp", 1},  {"final", RANK_NONE},
};

/* "a", "b" and "m" are alpha, beta and milestone when a digit follows. */
static int rank_of_letter(char letter)
{
    switch (to_lower(letter)) {
    case 'a':
        return -5;
    case 'b':
        return -4;
    case 'm':
        return -3;
    default:
        return RANK_OTHER;
    }
}

static int qualifier_rank(struct slice word, bool digit_follows)
{
    if (word.len == 1 && digit_follows)
        return rank_of_letter(word.ptr[0]);
    for (size_t i = 0; i < sizeof(qualifiers) / sizeof(qualifiers[0]); i++)
        if (slice_equal_nocase(word, slice_of(qualifiers[i].word)))
            return qualifiers[i].rank;
    return RANK_OTHER;
}

static bool is_word(char c)
{
    return is_letter(c) || c == '_' || c == '+';
}

/* Numbers and words, in parts joined by one "." or "-" each; a part may be "*" alone. */
static bool jenkins_valid(struct slice version)
{
    if (!scan_length_ok(version) || !is_digit(version.ptr[0]))
        return false;
    do {
        size_t before = version.len;
        if (scan_byte(&version, '*'))
            continue;
        while (scan_digits(&version).len || scan_while(&version, is_word).len)
            ;
        if (version.len == before)
            return false;
    } while (scan_byte(&version, '.') || scan_byte(&version, '-'));
    return version.len == 0;
}

static void add(struct jenkins *v, enum kind kind, int rank, struct slice text)
{
    if (v->count < 2 * SCHEME_LONGEST)
        v->items[v->count++] = (struct item){kind, rank, text};
}

static bool is_null(const struct item *i)
{
    return i->kind == KIND_LIST || (i->kind == KIND_WORD && i->rank == RANK_NONE) ||
           (i->kind == KIND_NUMBER && number_is_zero(i->text));
}

static void drop_nulls(struct jenkins *v)
{
    while (v->count && is_null(&v->items[v->count - 1]))
        v->count--;
}

static void add_word(struct jenkins *v, struct slice word, bool digit_follows)
{
    drop_nulls(v);
    add(v, KIND_WORD, qualifier_rank(word, digit_follows), word);
}

/* A "-" between digits opens a list; after a digit it makes the zeros before it count for nothing.
 */
static void add_hyphen(struct jenkins *v, bool after_digit, struct slice rest)
{
    if (!after_digit)
        return;
    drop_nulls(v);
    if (is_digit(scan_peek(rest)))
        add(v, KIND_LIST, 0, slice_first(rest, 0));
}

static void add_items(struct jenkins *v, struct slice rest)
{
    bool after_digit = false;
    while (rest.len) {
        struct slice digits = scan_digits(&rest);
        struct slice word = scan_while(&rest, is_word);
        if (digits.len)
            add(v, KIND_NUMBER, 0, digits);
        if (word.len)
            add_word(v, word, is_digit(scan_peek(rest)));
        if (digits.len || word.len)
            after_digit = word.len == 0;
        if (scan_byte(&rest, '*')) {
            add(v, KIND_WILDCARD, 0, slice_first(rest, 0));
            after_digit = false;
        } else if (scan_byte(&rest, '-')) {
            add_hyphen(v, after_digit, rest);
        } else if (!is_digit(scan_peek(rest))) {
            rest = slice_from(rest, 1);
        }
    }
}

/* Take "-20170207.105042-1", the name of a deployed snapshot, off the end of *version. */
static bool take_timestamp(struct slice *version, struct jenkins *v)
{
    enum { LENGTH = 15, DATE = 8 };
    size_t hyphen = slice_find_last_byte(*version, '-');
    if (hyphen == SLICE_NONE || hyphen <= LENGTH)
        return false;
    struct slice stamp = slice_first(slice_from(*version, hyphen - LENGTH), LENGTH);
    struct slice build = slice_from(*version, hyphen + 1);
    if (version->ptr[hyphen - LENGTH - 1] != '-' || stamp.ptr[DATE] != '.' ||
        !slice_all_digits(slice_first(stamp, DATE)) ||
        !slice_all_digits(slice_from(stamp, DATE + 1)) || !slice_all_digits(build))
        return false;
    v->timestamp = stamp;
    v->build = build;
    *version = slice_first(*version, hyphen - LENGTH - 1);
    return true;
}

static void jenkins_parse(struct slice version, struct jenkins *v)
{
    v->count = 0;
    v->timestamp = v->build = slice_first(version, 0);
    bool deployed = take_timestamp(&version, v);
    add_items(v, version);
    if (deployed)
        add_word(v, SLICE("snapshot"), false);
    drop_nulls(v);
}

static bool is_commit_byte(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || c == '_';
}

/* Is the part the commit that plugins put in their version: "vb_d2a_45c1f3e8"? */
static bool is_commit(struct slice part)
{
    enum { SHORTEST = 8 };
    return scan_byte(&part, 'v') && scan_while(&part, is_commit_byte).len >= SHORTEST &&
           part.len == 0;
}

static bool part_is_prerelease(struct slice part)
{
    while (part.len) {
        scan_digits(&part);
        struct slice word = scan_while(&part, is_word);
        if (word.len == 0)
            part = slice_from(part, 1);
        else if (qualifier_rank(word, part.len > 0) < RANK_NONE || word_rank(word) < WORD_RELEASE)
            return true;
    }
    return false;
}

static bool is_part(char c)
{
    return c != '.' && c != '-';
}

/* VersionNumber knows no more than its qualifiers; "1.0-preview-1" is a pre-release all the same.
 */
static bool jenkins_prerelease(struct slice version)
{
    struct jenkins v;
    if (take_timestamp(&version, &v))
        return true;
    while (version.len) {
        struct slice part = scan_while(&version, is_part);
        if (!is_commit(part) && part_is_prerelease(part))
            return true;
        version = slice_from(version, 1);
    }
    return false;
}

static int compare_items(const struct item *a, const struct item *b)
{
    if (a->kind != b->kind)
        return order_of((int)a->kind, (int)b->kind);
    if (a->kind == KIND_NUMBER)
        return number_compare(a->text, b->text);
    if (a->kind == KIND_WORD && a->rank == RANK_OTHER && b->rank == RANK_OTHER)
        return compare_nocase(a->text, b->text);
    return order_of(a->rank, b->rank);
}

static int jenkins_compare(struct slice a, struct slice b)
{
    static const struct item end = {.kind = KIND_WORD, .rank = RANK_NONE};
    struct jenkins left, right;
    jenkins_parse(a, &left);
    jenkins_parse(b, &right);
    for (size_t i = 0; i < left.count || i < right.count; i++) {
        int order = compare_items(i < left.count ? &left.items[i] : &end,
                                  i < right.count ? &right.items[i] : &end);
        if (order)
            return order;
    }
    int order = slice_compare(left.timestamp, right.timestamp);
    return order ? order : number_compare(left.build, right.build);
}

const struct scheme scheme_jenkins = {
    .name = "jenkins",
    .summary = "Jenkins' VersionNumber (Maven-like); pre-release: alpha, beta, milestone, rc, cr, "
               "ea, SNAPSHOT; 1.0 = 1, 1-1 < 1.1",
    .valid = jenkins_valid,
    .prerelease = jenkins_prerelease,
    .compare = jenkins_compare,
};
