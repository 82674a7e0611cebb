#include "watcher/base/image_name.h"

/* The first part is a registry when it could not be a name (distribution/reference). */
static bool is_registry(struct slice part)
{
    return slice_find_byte(part, '.') != SLICE_NONE || slice_find_byte(part, ':') != SLICE_NONE ||
           slice_is(part, "localhost");
}

static bool is_name_byte(char c)
{
    return is_lower(c) || is_digit(c) || slice_find_byte(SLICE("._-/"), c) != SLICE_NONE;
}

/* Lower-case parts that begin and end in a letter or digit. */
static bool is_path(struct slice path)
{
    struct slice part;
    for (size_t i = 0; i < path.len; i++)
        if (!is_name_byte(path.ptr[i]))
            return false;
    while (slice_split(&path, '/', &part))
        if (part.len == 0 || slice_find_byte(SLICE("._-"), part.ptr[0]) != SLICE_NONE ||
            slice_find_byte(SLICE("._-"), part.ptr[part.len - 1]) != SLICE_NONE)
            return false;
    return true;
}

static bool is_host(struct slice host)
{
    for (size_t i = 0; i < host.len; i++)
        if (!is_letter(host.ptr[i]) && !is_digit(host.ptr[i]) &&
            slice_find_byte(SLICE(".-:"), host.ptr[i]) == SLICE_NONE)
            return false;
    return host.len > 0;
}

bool image_name_read(struct slice text, struct image_name *out)
{
    struct slice rest = text, first = {0};
    slice_split(&rest, '/', &first);
    bool named = rest.ptr && is_registry(first);
    *out = (struct image_name){named ? first : SLICE("docker.io"), named ? rest : text, false};
    if (slice_is(out->registry, "docker.io") || slice_is(out->registry, "index.docker.io")) {
        out->registry = SLICE("registry-1.docker.io");
        out->official = slice_find_byte(out->path, '/') == SLICE_NONE;
    }
    return out->path.len && is_path(out->path) && is_host(out->registry);
}

struct slice image_name_resource(struct slice url)
{
    static const char *const ends[] = {"/tags", "/manifests", "/blobs", "/referrers"};
    struct slice whole = slice_first(url, slice_find_byte(url, '?'));
    size_t slash = slice_find_last_byte(whole, '/');
    struct slice front = slice_first(whole, slash == SLICE_NONE ? 0 : slash);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (slice_ends(front, slice_of(ends[i])))
            return slice_first(front, front.len - slice_of(ends[i]).len);
    return whole;
}

void image_name_add_path(struct buf *out, const struct image_name *image)
{
    buf_addf(out, "/v2/%s%.*s", image->official ? "library/" : "", SLICE_ARG(image->path));
}
