/* What a registry tells of an image: indexes, manifests and configurations, as the OCI Image Format
 * Specification 1.1 and Docker's schema 2 have them. */
#include "watcher/base/json.h"
#include "watcher/rebuild/published_parts.h"
#include "watcher/rebuild/words.h"

enum { MOST_PLATFORMS = 64, MOST_LAYERS = 1000 };

static const char *copy_text(struct arena *a, const json_t *object, const char *key)
{
    return words_name(a, json_text(object, key));
}

static bool read_descriptor(struct arena *a, const json_t *from, struct descriptor *out)
{
    const json_t *notes = json_object_get(from, "annotations");
    *out = (struct descriptor){
        .digest = words_digest(a, json_text(from, "digest")),
        .media_type = copy_text(a, from, "mediaType"),
        .artifact_type = copy_text(a, from, "artifactType"),
        .predicate_type = copy_text(a, notes, "predicateType"),
    };
    if (!out->predicate_type)
        out->predicate_type = copy_text(a, notes, "dev.sigstore.bundle.predicateType");
    return out->digest != NULL;
}

/* "arm" and "v7" are one of apk's names. Entries for what is no machine ("unknown") are
 * attestations that some builders put beside the images. */
static const char *read_arch(struct arena *a, const json_t *from)
{
    const char *arch = copy_text(a, from, "architecture"), *variant = copy_text(a, from, "variant");
    struct slice os = json_text(from, "os");
    if (!arch || (os.len && !slice_is(os, "linux")))
        return NULL;
    if (slice_is(slice_of(arch), "unknown"))
        return NULL;
    if (variant && slice_is(slice_of(arch), "arm"))
        arch = arena_printf(a, "%s/%s", arch, variant);
    return arena_text(a, state_arch(slice_of(arch)));
}

static bool read_list(struct arena *a, const json_t *list, struct descriptors *out)
{
    const json_t *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        struct descriptor d;
        if (i >= MOST_LAYERS || !read_descriptor(a, one, &d))
            return false;
        d.arch = read_arch(a, json_object_get(one, "platform"));
        vec_push(a, &out->list, d);
    }
    return true;
}

static const char *read_label(struct arena *a, const json_t *labels)
{
    struct slice text = json_text(labels, PUBLISHED_LABEL);
    return text.len == PUBLISHED_DIGEST && slice_all_hex(text) ? arena_text(a, text) : NULL;
}

static void read_notes(struct arena *a, const json_t *notes, struct manifest *out)
{
    out->label = read_label(a, notes);
    out->version = words_tag(a, json_text(notes, "org.opencontainers.image.version"));
}

bool manifest_read(struct arena *a, struct slice text, struct manifest *out, struct error *e)
{
    struct arena own = {0};
    struct error broken = {0};
    const json_t *root = json_parse(&own, text, &broken);
    const json_t *manifests = json_object_get(root, "manifests");
    const json_t *layers = json_object_get(root, "layers");
    struct descriptor config;
    *out = (struct manifest){.is_index = json_is_array(manifests)};
    bool good = json_number(root, "schemaVersion", 0) == 2 &&
                (out->is_index || json_is_array(layers)) &&
                read_list(a, out->is_index ? manifests : layers, &out->entries);
    if (good && !out->is_index && read_descriptor(a, json_object_get(root, "config"), &config))
        out->config = config.digest;
    if (good)
        read_notes(a, json_object_get(root, "annotations"), out);
    arena_free(&own);
    return good || error_set(e, ERROR_UPSTREAM, "the registry's answer is no manifest%s%s",
                             error_is_set(&broken) ? ": " : "", broken.message);
}

bool image_config_read(struct arena *a, struct slice text, struct manifest *out, struct error *e)
{
    struct arena own = {0};
    struct error broken = {0};
    const json_t *root = json_parse(&own, text, &broken);
    bool good = json_is_object(root);
    const char *arch = good ? read_arch(a, root) : NULL;
    if (good)
        read_notes(a, json_object_get(json_object_get(root, "config"), "Labels"), out);
    out->arch = arch;
    arena_free(&own);
    return (good && arch) ||
           error_set(e, ERROR_UPSTREAM, "the image's configuration names no architecture%s%s",
                     error_is_set(&broken) ? ": " : "", broken.message);
}
