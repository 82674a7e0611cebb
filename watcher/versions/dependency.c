#include "watcher/versions/dependency.h"

#include "watcher/versions/apko.h"
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

static bool is_operator(char c)
{
    return c == '=' || c == '<' || c == '>' || c == '~';
}

/* No package is called by anything but ASCII, and these texts reach terminals. */
static bool is_visible(char c)
{
    return c > ' ' && c <= '~';
}

static bool is_name(char c)
{
    return is_visible(c) && !is_operator(c) && c != '@';
}

static bool is_version(char c)
{
    return is_visible(c) && c != '@';
}

static bool is_pin(char c)
{
    return is_letter(c) || is_digit(c);
}

/* Of the set of operators that apk knows, by their letters; 0 for none and for "<>" and "><", which
 * mean something else or nothing. */
static unsigned relations_of(struct slice op)
{
    unsigned relations = 0;
    for (size_t i = 0; i < op.len; i++)
        relations |= op.ptr[i] == '<'   ? RELATION_LESS
                     : op.ptr[i] == '>' ? RELATION_GREATER
                     : op.ptr[i] == '=' ? RELATION_EQUAL
                                        : RELATION_FUZZY;
    bool both = (relations & RELATION_LESS) && (relations & RELATION_GREATER);
    return both ? 0 : relations;
}

bool dependency_parse(struct slice text, struct dependency *out)
{
    struct slice rest = slice_trim(text);
    *out = (struct dependency){.conflict = scan_byte(&rest, '!')};
    out->name = scan_while(&rest, is_name);
    struct slice op = scan_while(&rest, is_operator);
    out->relations = relations_of(op);
    if (op.len)
        out->version = scan_while(&rest, is_version);
    bool good = out->name.len && !op.len == !out->relations && !op.len == !out->version.len;
    if (good && scan_byte(&rest, '@')) {
        out->pin = scan_while(&rest, is_pin);
        good = out->pin.len > 0;
    }
    return good && rest.len == 0;
}

/* Equal up to where a number, a suffix or the whole of `wanted` ends. */
static bool goes_on_from(struct slice version, struct slice wanted)
{
    if (!slice_starts(version, wanted))
        return false;
    char next = scan_peek(slice_from(version, wanted.len));
    char last = wanted.ptr[wanted.len - 1];
    return !(is_digit(last) && is_digit(next)) && !(is_lower(last) && is_lower(next));
}

/* What is no version of apk's has no order. */
static bool satisfied_by_text(const struct dependency *d, struct slice version)
{
    if ((d->relations & RELATION_FUZZY) && goes_on_from(version, d->version))
        return true;
    return (d->relations & RELATION_EQUAL) && slice_equal(version, d->version);
}

bool dependency_satisfied(const struct dependency *d, struct slice version)
{
    if (d->relations == 0)
        return true;
    if (version.len == 0)
        return false;
    if (!scheme_apk.valid(version) || !scheme_apk.valid(d->version))
        return satisfied_by_text(d, version);
    if ((d->relations & RELATION_FUZZY) && apko_includes(version, d->version))
        return true;
    int order = apko_compare(version, d->version);
    unsigned found = order < 0 ? RELATION_LESS : order > 0 ? RELATION_GREATER : RELATION_EQUAL;
    return (d->relations & found) != 0;
}
