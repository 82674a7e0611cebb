/* Semantic Versioning 2.0.0 (semver.org), and the same with one, two or four numbers: "v1.2" and
 * "1.2.3.4" are common tags. Missing numbers count as 0. Otherwise strict: no leading "v", no
 * leading zeros, no empty identifiers. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

enum { NUMBERS = 4 };

struct semver {
    struct slice numbers[NUMBERS]; /* the absent ones are empty */
    struct slice prerelease;       /* without its "-"; empty = a release */
};

static bool is_identifier(char c)
{
    return is_digit(c) || is_letter(c) || c == '-';
}

static bool has_leading_zero(struct slice digits)
{
    return digits.len > 1 && digits.ptr[0] == '0';
}

static bool take_numbers(struct slice *rest, struct semver *out)
{
    size_t count = 0;
    do {
        if (count == NUMBERS)
            return false;
        struct slice digits = scan_digits(rest);
        if (digits.len == 0 || has_leading_zero(digits))
            return false;
        out->numbers[count++] = digits;
    } while (scan_byte(rest, '.'));
    return true;
}

/* Take identifiers joined by dots. Only those of the build may be numbers with leading zeros. */
static bool take_identifiers(struct slice *rest, bool build, struct slice *out)
{
    struct slice all = *rest;
    do {
        struct slice one = scan_while(rest, is_identifier);
        if (one.len == 0 || (!build && slice_all_digits(one) && has_leading_zero(one)))
            return false;
    } while (scan_byte(rest, '.'));
    *out = slice_first(all, all.len - rest->len);
    return true;
}

static bool semver_parse(struct slice rest, struct semver *out)
{
    struct slice build;
    *out = (struct semver){0};
    if (!take_numbers(&rest, out))
        return false;
    if (scan_byte(&rest, '-') && !take_identifiers(&rest, false, &out->prerelease))
        return false;
    if (scan_byte(&rest, '+') && !take_identifiers(&rest, true, &build))
        return false;
    return rest.len == 0;
}

static bool semver_valid(struct slice version)
{
    struct semver v;
    return scan_length_ok(version) && semver_parse(version, &v);
}

static bool semver_prerelease(struct slice version)
{
    struct semver v;
    return semver_parse(version, &v) && v.prerelease.len > 0;
}

/* Section 11.4: numbers below words, numbers by value, words by bytes. */
static int compare_identifiers(struct slice a, struct slice b)
{
    bool a_number = slice_all_digits(a), b_number = slice_all_digits(b);
    if (a_number != b_number)
        return a_number ? -1 : 1;
    return a_number ? number_compare(a, b) : slice_compare(a, b);
}

/* A release is above its pre-releases; with all that is shared equal, more identifiers win. */
static int compare_prereleases(struct slice a, struct slice b)
{
    if (a.len == 0 || b.len == 0)
        return order_of(a.len == 0, b.len == 0);
    for (;;) {
        struct slice left, right;
        bool a_more = slice_split(&a, '.', &left), b_more = slice_split(&b, '.', &right);
        if (!a_more || !b_more)
            return order_of(a_more, b_more);
        int order = compare_identifiers(left, right);
        if (order)
            return order;
    }
}

static int semver_compare(struct slice a, struct slice b)
{
    struct semver left, right;
    semver_parse(a, &left);
    semver_parse(b, &right);
    for (size_t i = 0; i < NUMBERS; i++) {
        int order = number_compare(left.numbers[i], right.numbers[i]);
        if (order)
            return order;
    }
    return compare_prereleases(left.prerelease, right.prerelease);
}

const struct scheme scheme_semver = {
    .name = "semver",
    .summary = "Semantic Versioning 2.0.0, and with one, two or four numbers; pre-release: -...; "
               "+build does not count",
    .valid = semver_valid,
    .prerelease = semver_prerelease,
    .compare = semver_compare,
};
