/* Fuzzes what registries answer: manifests, configurations, attestations and SBOMs. */
#include "watcher/rebuild/published_parts.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_sbom(struct arena *a, struct slice text, const char *arch)
{
    struct image_state state = {0};
    struct error e = {0};
    if (sbom_read(a, text, arch, &state, &e) != !error_is_set(&e))
        abort();
    state_sort(&state);
    for (size_t i = 0; i < state.sets.count; i++)
        for (size_t k = 0; k < state.sets.items[i].packages.count; k++)
            if (!*state.sets.items[i].packages.items[k].name ||
                !*state.sets.items[i].packages.items[k].version)
                abort();
}

static void check_manifest(struct arena *a, struct slice text)
{
    struct manifest m = {0};
    struct error e = {0}, of_config = {0};
    if (manifest_read(a, text, &m, &e) != !error_is_set(&e))
        abort();
    for (size_t i = 0; i < m.entries.list.count; i++)
        if (!m.entries.list.items[i].digest)
            abort();
    if (image_config_read(a, text, &m, &of_config) != !error_is_set(&of_config))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_new((const char *)data, size);
    struct arena a = {0};
    struct buf document = {0};
    struct error e = {0};
    bool spdx = false;
    check_manifest(&a, text);
    check_sbom(&a, text, NULL);
    check_sbom(&a, text, "x86_64");
    if (attestation_open(text, &document, &spdx, &e) == error_is_set(&e))
        abort();
    if (spdx)
        check_sbom(&a, buf_slice(&document), NULL);
    buf_free(&document);
    arena_free(&a);
    return 0;
}
