/* Versions as a person reads them: numbers and words, whatever joins them. For projects that follow
 * no scheme. The numbers order by value, words by letter; a number at the same place makes a newer
 * version than a word, and a word a newer one than the end: 1.0.1 > 1.0a > 1.0. A pre-release comes
 * before its release. Zeros at the end count for nothing: 1.0 = 1.0.0. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"
#include "watcher/versions/words.h"

/* A number, or a word with its rank. */
struct item {
    struct slice text;
    bool number;
    enum word_rank rank;
};

struct natural {
    size_t count;
    struct item items[SCHEME_LONGEST];
};

/* Where we are in a version: parts are what stands between joints, runs make up a part. */
struct reader {
    struct slice rest;
    struct slice part;  /* what is left of the current part */
    bool single_word;   /* the current part has no more than one run of letters */
    bool number_before; /* there was a number */
    bool digit_before;  /* directly before what is left of the part */
};

static bool is_alphanumeric(char c)
{
    return is_digit(c) || is_letter(c);
}

static bool is_version_byte(char c)
{
    return is_alphanumeric(c) || is_joint(c) || c == '+' || c == '~';
}

/* Starts and ends with a letter or digit, has a digit, and has no "..", which no tag may have. */
static bool natural_valid(struct slice version)
{
    struct slice rest = version;
    if (!scan_length_ok(version) || scan_while(&rest, is_version_byte).len != version.len)
        return false;
    if (!is_alphanumeric(version.ptr[0]) || !is_alphanumeric(version.ptr[version.len - 1]))
        return false;
    while (version.len && !is_digit(version.ptr[0]))
        version = slice_from(version, 1);
    return version.len > 0 && !slice_contains(version, SLICE(".."));
}

static size_t count_words(struct slice part)
{
    size_t count = 0;
    while (part.len) {
        scan_digits(&part);
        count += scan_letters(&part).len > 0;
    }
    return count;
}

static bool next_part(struct reader *r)
{
    while (r->rest.len && !is_alphanumeric(r->rest.ptr[0]))
        r->rest = slice_from(r->rest, 1);
    r->part = scan_while(&r->rest, is_alphanumeric);
    r->single_word = count_words(r->part) == 1;
    r->digit_before = false;
    return r->part.len > 0;
}

/* "v" before the first number says nothing. "a" and "b" directly between two numbers and "m"
 * directly before one are pre-releases, but only as the one word of their part and after the first
 * number: the a in g1a2b3c, the b in R14B04 and the m in m4-1.4 are nothing of the kind. */
static enum word_rank rank_of_letter(const struct reader *r, char letter)
{
    if (!is_digit(scan_peek(r->part)))
        return WORD_OTHER;
    if (!r->number_before)
        return letter == 'v' ? WORD_RELEASE : WORD_OTHER;
    if (!r->single_word)
        return WORD_OTHER;
    if (letter == 'm')
        return WORD_MILESTONE;
    if (!r->digit_before)
        return WORD_OTHER;
    return letter == 'a' ? WORD_ALPHA : letter == 'b' ? WORD_BETA : WORD_OTHER;
}

/* "ea" may also be a piece of a commit (v12ea34bc). */
static enum word_rank rank_of_word(const struct reader *r, struct slice word)
{
    if (word.len == 1)
        return rank_of_letter(r, to_lower(word.ptr[0]));
    if (!r->single_word && slice_equal_nocase(word, SLICE("ea")))
        return WORD_OTHER;
    return word_rank(word);
}

/* The next number or word of *r in *out; false at the end. */
static bool next_item(struct reader *r, struct item *out)
{
    if (r->part.len == 0 && !next_part(r))
        return false;
    struct slice digits = scan_digits(&r->part);
    if (digits.len) {
        *out = (struct item){digits, true, WORD_OTHER};
        r->digit_before = r->number_before = true;
        return true;
    }
    struct slice word = scan_letters(&r->part);
    *out = (struct item){word, false, rank_of_word(r, word)};
    r->digit_before = false;
    return true;
}

/* Takes any text, not only what is valid: see scheme_prerelease. */
static bool natural_prerelease(struct slice version)
{
    struct reader r = {.rest = scan_without_v(version)};
    struct item item;
    while (next_item(&r, &item))
        if (!item.number && item.rank < WORD_RELEASE)
            return true;
    return false;
}

static void drop_zeros(struct natural *v)
{
    while (v->count && v->items[v->count - 1].number && number_is_zero(v->items[v->count - 1].text))
        v->count--;
}

/* The version without what counts for nothing: zeros before a word or the end, "release" before
 * all else. */
static void natural_parse(struct slice version, struct natural *v)
{
    struct reader r = {.rest = scan_without_v(version)};
    struct item item;
    v->count = 0;
    while (v->count < SCHEME_LONGEST && next_item(&r, &item)) {
        if (!item.number)
            drop_zeros(v);
        if (item.number || item.rank != WORD_RELEASE || r.number_before)
            v->items[v->count++] = item;
    }
    drop_zeros(v);
}

static int compare_items(const struct item *a, const struct item *b)
{
    if (a->number != b->number)
        return a->number ? 1 : -1;
    if (a->number)
        return number_compare(a->text, b->text);
    if (a->rank != b->rank || a->rank != WORD_OTHER)
        return order_of(a->rank, b->rank);
    return compare_nocase(a->text, b->text);
}

static int natural_compare(struct slice a, struct slice b)
{
    static const struct item end = {.rank = WORD_RELEASE};
    struct natural left, right;
    natural_parse(a, &left);
    natural_parse(b, &right);
    for (size_t i = 0; i < left.count || i < right.count; i++) {
        int order = compare_items(i < left.count ? &left.items[i] : &end,
                                  i < right.count ? &right.items[i] : &end);
        if (order)
            return order;
    }
    return 0;
}

const struct scheme scheme_natural = {
    .name = "natural",
    .summary = "numbers and words as people read them; pre-release: alpha, beta, rc, pre, dev, "
               "snapshot, milestone, nightly and the like as whole words",
    .valid = natural_valid,
    .prerelease = natural_prerelease,
    .compare = natural_compare,
};
