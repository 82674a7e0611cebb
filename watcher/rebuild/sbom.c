/* SPDX documents of apko's, bare or in an attestation. */
#include "watcher/base/hash.h"
#include "watcher/base/json.h"
#include "watcher/base/url.h"
#include "watcher/rebuild/published_parts.h"
#include "watcher/rebuild/words.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_PAYLOAD = 64 << 20 };

/* "pkg:apk/wolfi/glibc@2.42-r1?arch=x86_64&origin=glibc", taken apart; texts as they are written.
 * https://github.com/package-url/purl-spec */
struct purl {
    struct slice name, version, qualifiers;
};

static bool read_purl(struct slice text, struct purl *out)
{
    struct slice prefix = SLICE("pkg:apk/");
    if (!slice_starts(text, prefix))
        return false;
    text = slice_first(text, slice_find_byte(text, '#'));
    size_t question = slice_find_byte(text, '?');
    out->qualifiers = question == SLICE_NONE ? SLICE("") : slice_from(text, question + 1);
    text = slice_first(text, question);
    size_t at = slice_find_last_byte(text, '@');
    if (at == SLICE_NONE)
        return false;
    out->version = slice_from(text, at + 1);
    text = slice_first(text, at);
    out->name = slice_from(text, slice_find_last_byte(text, '/') + 1);
    return out->name.len && out->version.len;
}

/* A part of it, as it is meant; NULL when it is nothing that a package can have. */
static const char *plain(struct arena *a, struct slice part)
{
    struct buf out = {0};
    const char *text = url_unescape(&out, part) ? words_name(a, buf_slice(&out)) : NULL;
    buf_free(&out);
    return text;
}

static const char *qualifier(struct arena *a, struct slice qualifiers, const char *key)
{
    struct slice pair;
    while (slice_split(&qualifiers, '&', &pair)) {
        size_t equals = slice_find_byte(pair, '=');
        if (equals != SLICE_NONE && slice_is(slice_first(pair, equals), key))
            return plain(a, slice_from(pair, equals + 1));
    }
    return NULL;
}

/* What it says of itself, and where it does not, what is known about the document. */
static void add_package(struct arena *a, const struct purl *purl, const char *arch,
                        struct image_state *out)
{
    const char *own = qualifier(a, purl->qualifiers, "arch");
    struct image_package package = {
        .name = plain(a, purl->name),
        .version = plain(a, purl->version),
        .origin = qualifier(a, purl->qualifiers, "origin"),
    };
    own = own ? arena_text(a, state_arch(slice_of(own))) : arch;
    if (!package.name || !package.version || !own || (arch && strcmp(own, arch) != 0))
        return;
    vec_push(a, &state_set(a, out, own)->packages, package);
}

static void read_references(struct arena *a, const json_t *package, const char *arch,
                            struct image_state *out)
{
    const json_t *references = json_object_get(package, "externalRefs"), *one;
    size_t i;
    json_array_foreach(references, i, one)
    {
        struct purl purl;
        if (read_purl(json_text(one, "referenceLocator"), &purl)) {
            add_package(a, &purl, arch, out);
            return;
        }
    }
}

static size_t count_packages(const struct image_state *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->sets.count; i++)
        count += s->sets.items[i].packages.count;
    return count;
}

static bool read_document(struct arena *a, const json_t *root, const char *arch,
                          struct image_state *out, struct error *e)
{
    const json_t *packages = json_object_get(root, "packages"), *one;
    size_t i, before = count_packages(out);
    if (!slice_starts(json_text(root, "spdxVersion"), SLICE("SPDX-2.")) || !json_is_array(packages))
        return error_set(e, ERROR_UPSTREAM, "not an SPDX 2 document with packages");
    json_array_foreach(packages, i, one) read_references(a, one, arch, out);
    return count_packages(out) > before ||
           error_set(e, ERROR_UPSTREAM, "the SBOM lists no apk package%s%s", arch ? " of " : "",
                     arch ? arch : "");
}

bool sbom_read(struct arena *a, struct slice text, const char *arch, struct image_state *out,
               struct error *e)
{
    struct arena own = {0};
    struct error broken = {0};
    const json_t *root = json_parse(&own, text, &broken);
    bool good = root ? read_document(a, root, arch, out, e)
                     : error_set(e, ERROR_UPSTREAM, "the SBOM cannot be read: %s", broken.message);
    arena_free(&own);
    return good;
}

/* The predicate of an in-toto statement, as text: an object, or, as cosign once had it, a text in
 * one. */
static bool add_predicate(const json_t *statement, struct buf *out, struct error *e)
{
    const json_t *predicate = json_object_get(statement, "predicate");
    const json_t *data = json_object_get(predicate, "Data");
    if (data)
        predicate = data;
    if (json_is_string(predicate))
        return buf_add(out, slice_new(json_string_value(predicate), json_string_length(predicate)));
    char *text = predicate ? json_dumps(predicate, JSON_COMPACT) : NULL;
    if (text)
        buf_add_text(out, text);
    free(text);
    return text || error_set(e, ERROR_UPSTREAM, "the attestation states nothing");
}

static bool is_spdx(struct slice type)
{
    return slice_is(type, "https://spdx.dev/Document") ||
           slice_starts(type, SLICE("https://spdx.dev/Document/"));
}

bool attestation_open(struct slice text, struct buf *document, bool *spdx, struct error *e)
{
    struct arena a = {0};
    struct error broken = {0};
    struct buf payload = BUF_MAX(LARGEST_PAYLOAD);
    const json_t *root = json_parse(&a, text, &broken), *statement = NULL;
    const json_t *envelope = json_object_get(root, "dsseEnvelope");
    if (!envelope)
        envelope = root;
    if (envelope && base64_decode(json_text(envelope, "payload"), &payload))
        statement = json_parse(&a, buf_slice(&payload), &broken);
    *spdx = statement && is_spdx(json_text(statement, "predicateType"));
    bool good = json_is_object(statement) && !slice_empty(json_text(statement, "predicateType"));
    if (!good)
        error_set(e, ERROR_UPSTREAM, "an attestation cannot be read%s%s",
                  error_is_set(&broken) ? ": " : "", broken.message);
    good = good && (!*spdx || add_predicate(statement, document, e));
    buf_free(&payload);
    arena_free(&a);
    return good;
}
