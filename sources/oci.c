/* oci: the tags of an image in a registry (OCI Distribution Specification 1.1, "Listing Tags";
 * Docker Hub, ghcr.io and quay.io answer alike). The engine gets the anonymous token that they
 * want. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/url.h"

enum { IMAGE, SERVER };

/* "ghcr.io/owner/name" taken apart. */
struct image {
    struct slice registry; /* host, perhaps with a port */
    struct slice path;
    bool official; /* Docker Hub's own, whose path it leaves out */
};

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

static bool image_of(const struct spec *spec, struct arena *a, struct image *out, struct error *e)
{
    struct slice rest = slice_of(spec->values[IMAGE]), whole = rest, first;
    slice_split(&rest, '/', &first);
    bool named = rest.ptr && is_registry(first);
    *out = (struct image){named ? first : SLICE("docker.io"), named ? rest : whole, false};
    if (slice_is(out->registry, "docker.io") || slice_is(out->registry, "index.docker.io")) {
        out->registry = SLICE("registry-1.docker.io");
        out->official = slice_find_byte(out->path, '/') == SLICE_NONE;
    }
    if (out->path.len && is_path(out->path) && is_host(out->registry))
        return true;
    return error_set(e, ERROR_USAGE,
                     "image is not REGISTRY/NAME, without a tag or digest behind it: %s",
                     answer_shown(a, whole));
}

static const char *server_of(const struct spec *spec, const struct image *image, struct arena *a)
{
    if (spec->values[SERVER])
        return arena_text(a, spec_server(spec, "server"));
    return arena_printf(a, "https://%.*s", SLICE_ARG(image->registry));
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct image image;
    if (!image_of(spec, a, &image, e))
        return false;
    *out = (struct request){
        .url = page->cursor
                   ? page->cursor
                   : arena_printf(a, "%s/v2/%s%.*s/tags/list?n=1000", server_of(spec, &image, a),
                                  image.official ? "library/" : "", SLICE_ARG(image.path)),
        .headers = {{"Accept", "application/json"}},
        .bearer = true,
    };
    return true;
}

/* An image without tags has the list null, or an empty one. */
static bool read_tags(const json_t *root, struct arena *a, struct candidates *out, struct error *e)
{
    const json_t *tags = json_object_get(root, "tags"), *tag;
    size_t i;
    if (!json_is_array(tags) && !json_is_null(tags))
        return error_set(e, ERROR_UPSTREAM, "the registry's answer has no list \"tags\"");
    json_array_foreach(tags, i, tag)
    {
        struct slice raw = slice_new(json_string_value(tag), json_string_length(tag));
        if (slice_empty(raw))
            return error_set(e, ERROR_UPSTREAM, "tag %zu of the registry's answer is no text",
                             i + 1);
        if (!candidate_add(a, out, raw, e))
            return false;
    }
    return true;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct image image;
    const json_t *root = image_of(spec, a, &image, e) ? answer_json(response, a, e) : NULL;
    return root && read_tags(root, a, out, e) &&
           answer_follow_link(response, server_of(spec, &image, a), page, a, out, e);
}

const struct source source_oci = {
    .name = "oci",
    .summary = "the tags of an image in a registry",
    .example = "oci: ghcr.io/renovatebot/renovate",
    .keys =
        {
            {"image", KEY_TEXT, true, NULL,
             "REGISTRY/NAME; without a registry it is one of Docker Hub's", NULL},
            {"server", KEY_URL, false, NULL,
             "base URL of the registry where it is not https://REGISTRY", NULL},
        },
    .request = request,
    .parse = parse,
};
