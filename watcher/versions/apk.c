/* Alpine's package versions, as apk-tools 3 reads them:
 * digits(.digits)*[a-z]?(_suffix digits?)*(~hex+)?(-rN)? */
#include "watcher/versions/apko.h"
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

/* In the order that decides between versions whose tokens are of different kinds: the earlier kind
 * makes the newer version, so 1.0.1 > 1.0a > 1.0_p1 > 1.0-r1 > 1.0. */
enum kind {
    KIND_FIRST, /* the first number */
    KIND_DIGIT,
    KIND_LETTER,
    KIND_SUFFIX,
    KIND_SUFFIX_NUMBER,
    KIND_HASH,
    KIND_REVISION,
    KIND_END,
    KIND_INVALID,
};

struct token {
    enum kind kind;
    struct slice value; /* without its ".", "_", "~" or "-r" */
    int rank;           /* of a suffix; below 0 = pre-release */
};

/* Rank by place: the four before "" are pre-releases. */
static const char *const suffixes[] = {"alpha", "beta", "pre", "rc", "",
                                       "cvs",   "svn",  "git", "hg", "p"};
enum { SUFFIX_COUNT = sizeof(suffixes) / sizeof(suffixes[0]), SUFFIX_NONE = 4 };

static bool is_lower_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static struct token invalid(void)
{
    return (struct token){.kind = KIND_INVALID};
}

static struct token number(enum kind kind, struct slice *rest)
{
    struct slice digits = scan_digits(rest);
    return digits.len ? (struct token){.kind = kind, .value = digits} : invalid();
}

static struct token suffix(struct slice *rest)
{
    struct slice word = scan_while(rest, is_lower);
    for (int i = 0; i < SUFFIX_COUNT; i++)
        if (word.len && slice_is(word, suffixes[i]))
            return (struct token){KIND_SUFFIX, word, i - SUFFIX_NONE};
    return invalid();
}

static struct token hash(struct slice *rest)
{
    struct slice digits = scan_while(rest, is_lower_hex);
    return digits.len ? (struct token){.kind = KIND_HASH, .value = digits} : invalid();
}

static struct token letter(struct slice *rest)
{
    struct token t = {.kind = KIND_LETTER, .value = slice_first(*rest, 1)};
    *rest = slice_from(*rest, 1);
    return t;
}

/* Take the token that may follow one of kind `before` off the front of *rest. */
static struct token next_token(struct slice *rest, enum kind before)
{
    if (rest->len == 0)
        return (struct token){.kind = KIND_END};
    if (before <= KIND_DIGIT && is_lower(scan_peek(*rest)))
        return letter(rest);
    if (before <= KIND_DIGIT && scan_byte(rest, '.'))
        return number(KIND_DIGIT, rest);
    if (before == KIND_SUFFIX && is_digit(scan_peek(*rest)))
        return number(KIND_SUFFIX_NUMBER, rest);
    if (before <= KIND_SUFFIX_NUMBER && scan_byte(rest, '_'))
        return suffix(rest);
    if (before < KIND_HASH && scan_byte(rest, '~'))
        return hash(rest);
    if (before < KIND_REVISION && scan_text(rest, "-r"))
        return number(KIND_REVISION, rest);
    return invalid();
}

static bool apk_valid(struct slice version)
{
    if (!scan_length_ok(version))
        return false;
    struct token t = number(KIND_FIRST, &version);
    while (t.kind < KIND_END)
        t = next_token(&version, t.kind);
    return t.kind == KIND_END;
}

static bool apk_prerelease(struct slice version)
{
    struct token t = number(KIND_FIRST, &version);
    while (t.kind < KIND_END) {
        t = next_token(&version, t.kind);
        if (t.kind == KIND_SUFFIX && t.rank < 0)
            return true;
    }
    return false;
}

/* Both are of one kind. */
static int compare_values(const struct token *a, const struct token *b)
{
    bool fraction = a->kind == KIND_DIGIT && (a->value.ptr[0] == '0' || b->value.ptr[0] == '0');
    if (fraction || a->kind == KIND_LETTER || a->kind == KIND_HASH)
        return slice_compare(a->value, b->value);
    if (a->kind == KIND_SUFFIX)
        return order_of(a->rank, b->rank);
    return a->kind == KIND_END ? 0 : number_compare(a->value, b->value);
}

static int compare_kinds(const struct token *a, const struct token *b)
{
    if (a->kind == KIND_SUFFIX && a->rank < 0)
        return -1;
    if (b->kind == KIND_SUFFIX && b->rank < 0)
        return 1;
    return order_of((int)b->kind, (int)a->kind);
}

static int apk_compare(struct slice a, struct slice b)
{
    struct token left = number(KIND_FIRST, &a), right = number(KIND_FIRST, &b);
    while (left.kind == right.kind) {
        int order = compare_values(&left, &right);
        if (order || left.kind >= KIND_END)
            return order;
        left = next_token(&a, left.kind);
        right = next_token(&b, right.kind);
    }
    return compare_kinds(&left, &right);
}

/* A number that apko takes for the same as none. */
static bool is_nothing(const struct token *t)
{
    return (t->kind == KIND_SUFFIX_NUMBER || t->kind == KIND_REVISION) && number_is_zero(t->value);
}

static struct token next_for_apko(struct slice *rest, enum kind before)
{
    struct token t = next_token(rest, before);
    while (is_nothing(&t))
        t = next_token(rest, t.kind);
    return t;
}

static int compare_for_apko(const struct token *a, const struct token *b)
{
    return a->kind == KIND_DIGIT ? number_compare(a->value, b->value) : compare_values(a, b);
}

int apko_compare(struct slice a, struct slice b)
{
    struct token left = number(KIND_FIRST, &a), right = number(KIND_FIRST, &b);
    while (left.kind == right.kind) {
        int order = compare_for_apko(&left, &right);
        if (order || left.kind >= KIND_END)
            return order;
        left = next_for_apko(&a, left.kind);
        right = next_for_apko(&b, right.kind);
    }
    return compare_kinds(&left, &right);
}

int apko_order(struct slice a, struct slice b)
{
    bool valid_a = apk_valid(a), valid_b = apk_valid(b);
    return valid_a && valid_b ? apko_compare(a, b) : valid_a - valid_b;
}

/* Is there such a token among those that begin with `have`? */
static bool goes_on_with(struct token have, struct slice rest, const struct token *wanted)
{
    while (have.kind < KIND_END) {
        if (have.kind == wanted->kind && compare_for_apko(&have, wanted) == 0)
            return true;
        have = next_for_apko(&rest, have.kind);
    }
    return false;
}

bool apko_includes(struct slice version, struct slice wanted)
{
    struct token have = number(KIND_FIRST, &version), want = number(KIND_FIRST, &wanted);
    while (want.kind <= KIND_DIGIT) {
        if (have.kind != want.kind || compare_for_apko(&have, &want) != 0)
            return false;
        have = next_for_apko(&version, have.kind);
        want = next_for_apko(&wanted, want.kind);
    }
    if (have.kind == KIND_DIGIT)
        return true;
    for (; want.kind < KIND_END; want = next_for_apko(&wanted, want.kind))
        if (!goes_on_with(have, version, &want))
            return false;
    return true;
}

const struct scheme scheme_apk = {
    .name = "apk",
    .summary = "apk-tools' order; digits(.digits)*[a-z]?(_suffix digits?)*(~hex)?(-rN)?, "
               "pre-release: _alpha _beta _pre _rc",
    .valid = apk_valid,
    .prerelease = apk_prerelease,
    .compare = apk_compare,
};
