/* oci: the tags of an image in a registry (OCI Distribution Specification 1.1, "Listing Tags";
 * Docker Hub, ghcr.io and quay.io answer alike). The engine gets the token that they want. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/image_name.h"
#include "watcher/base/url.h"

enum { IMAGE, SERVER };

static bool image_of(const struct spec *spec, struct arena *a, struct image_name *out,
                     struct error *e)
{
    struct slice text = slice_of(spec->values[IMAGE]);
    return image_name_read(text, out) ||
           error_set(e, ERROR_USAGE,
                     "image is not REGISTRY/NAME, without a tag or digest behind it: %s",
                     answer_shown(a, text));
}

static const char *server_of(const struct spec *spec, const struct image_name *image,
                             struct arena *a)
{
    if (spec->values[SERVER])
        return arena_text(a, spec_server(spec, "server"));
    return arena_printf(a, "https://%.*s", SLICE_ARG(image->registry));
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct image_name image;
    if (!image_of(spec, a, &image, e))
        return false;
    struct buf path = {0};
    image_name_add_path(&path, &image);
    *out = (struct request){
        .url = page->cursor ? page->cursor
                            : arena_printf(a, "%s%s/tags/list?n=1000", server_of(spec, &image, a),
                                           buf_text(&path)),
        .headers = {{"Accept", "application/json"}},
        .bearer = true,
    };
    buf_free(&path);
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
    struct image_name image;
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
