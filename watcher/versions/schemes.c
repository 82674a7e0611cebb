/* The table of schemes, and what can be said of a version whatever its scheme. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

#define SCHEMES(row) row(apk) row(semver) row(gem) row(jenkins) row(natural) row(date)
#define ROW_ADDRESS(scheme) &scheme_##scheme,
#define ROW_NAME(scheme) #scheme,

static const struct scheme *const schemes[] = {SCHEMES(ROW_ADDRESS) NULL};
static const char *const names[] = {SCHEMES(ROW_NAME) NULL};

const struct scheme *scheme_find(const char *name)
{
    for (size_t i = 0; schemes[i]; i++)
        if (name && slice_is(slice_of(name), schemes[i]->name))
            return schemes[i];
    return NULL;
}

const struct scheme *const *scheme_all(void)
{
    return schemes;
}

const char *const *scheme_names(void)
{
    return names;
}

bool scheme_prerelease(const struct scheme *s, struct slice version)
{
    return s->valid(version) ? s->prerelease(version) : scheme_natural.prerelease(version);
}

static struct slice from_first_number(struct slice version)
{
    version = scan_without_v(version);
    while (version.len && !is_digit(version.ptr[0]))
        version = slice_from(version, 1);
    return version;
}

/* Take the next number off the front, the joint after it too if a number follows; the empty slice
 * when there is none. */
static struct slice take_number(struct slice *rest)
{
    struct slice digits = scan_digits(rest);
    if (rest->len > 1 && is_joint(rest->ptr[0]) && is_digit(rest->ptr[1]))
        *rest = slice_from(*rest, 1);
    else
        *rest = slice_first(*rest, 0);
    return digits;
}

struct slice scheme_number(struct slice version, size_t index)
{
    struct slice rest = from_first_number(version);
    struct slice number = take_number(&rest);
    for (; index > 0 && number.len; index--)
        number = take_number(&rest);
    return number;
}

static bool is_same(const struct scheme *s, struct slice a, struct slice b)
{
    if (slice_equal(a, b))
        return true;
    return s->valid(a) && s->valid(b) && s->compare(a, b) == 0;
}

enum level scheme_level(const struct scheme *s, struct slice from, struct slice to)
{
    if (is_same(s, from, to))
        return LEVEL_SAME;
    if (s == &scheme_date)
        return LEVEL_MINOR;
    if (number_compare(scheme_number(from, 0), scheme_number(to, 0)) != 0)
        return LEVEL_MAJOR;
    if (number_compare(scheme_number(from, 1), scheme_number(to, 1)) != 0)
        return LEVEL_MINOR;
    return LEVEL_PATCH;
}

bool scheme_in_stream(struct slice version, struct slice stream)
{
    if (!slice_starts(version, stream)) {
        version = scan_without_v(version);
        stream = scan_without_v(stream);
        if (!slice_starts(version, stream))
            return false;
    }
    struct slice after = slice_from(version, stream.len);
    return stream.len == 0 || !is_digit(stream.ptr[stream.len - 1]) || !is_digit(scan_peek(after));
}

struct slice scheme_series(struct slice version, size_t count)
{
    version = scan_without_v(version);
    if (count == 0)
        return slice_first(version, 0);
    struct slice last = scheme_number(version, count - 1);
    if (last.len == 0)
        return version;
    return slice_first(version, (size_t)(last.ptr + last.len - version.ptr));
}
