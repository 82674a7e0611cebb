#include "watcher/rebuild/secdb.h"

#include "watcher/base/json.h"
#include "watcher/base/memory.h"
#include "watcher/base/names.h"
#include "watcher/rebuild/words.h"
#include "watcher/versions/scheme.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_ID = 100 };

struct fix {
    const char *version, *id;
    const struct fix *next; /* of the same package */
};

struct secdb {
    struct arena arena;
    struct names packages; /* the first struct fix by origin */
};

struct secdb *secdb_new(void)
{
    return memory_zalloc(sizeof(struct secdb));
}

void secdb_free(struct secdb *db)
{
    if (!db)
        return;
    names_free(&db->packages);
    arena_free(&db->arena);
    free(db);
}

/* "CVE-2026-1234 GHSA-..." are two names of one; each counts. */
static void add_ids(struct secdb *db, void **slot, const char *version, struct slice ids)
{
    struct slice id;
    while (slice_split(&ids, ' ', &id)) {
        const char *kept = id.len <= LONGEST_ID ? words_name(&db->arena, id) : NULL;
        if (!kept)
            continue;
        struct fix *fix = arena_new(&db->arena, struct fix);
        *fix = (struct fix){version, kept, *slot};
        *slot = fix;
    }
}

static void add_package(struct secdb *db, const json_t *package)
{
    const char *name = words_name(&db->arena, json_text(package, "name")), *version;
    json_t *ids, *id;
    size_t i;
    if (!name)
        return;
    json_object_foreach(json_object_get(package, "secfixes"), version, ids)
    {
        const char *kept = words_name(&db->arena, slice_of(version));
        if (!kept || !scheme_apk.valid(slice_of(kept)) || strcmp(kept, "0") == 0)
            continue;
        void **slot = names_slot(&db->packages, slice_of(name));
        json_array_foreach(ids, i, id)
            add_ids(db, slot, kept, slice_new(json_string_value(id), json_string_length(id)));
    }
}

bool secdb_add(struct secdb *db, struct slice text, struct error *e)
{
    struct arena own = {0};
    struct error broken = {0};
    const json_t *root = json_parse(&own, text, &broken), *one;
    const json_t *packages = json_object_get(root, "packages");
    size_t i;
    bool good =
        json_is_array(packages) || error_set(e, ERROR_UPSTREAM, "not a security database%s%s",
                                             error_is_set(&broken) ? ": " : "", broken.message);
    json_array_foreach(packages, i, one) add_package(db, json_object_get(one, "pkg"));
    arena_free(&own);
    return good;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void secdb_find(const struct secdb *db, struct arena *a, const char *origin, const char *from,
                const char *to, struct secdb_fixed *out)
{
    struct slice after = slice_of(from), up_to = slice_of(to);
    size_t kept = 0;
    *out = (struct secdb_fixed){0};
    if (!scheme_apk.valid(after) || !scheme_apk.valid(up_to))
        return;
    for (const struct fix *f = names_find(&db->packages, slice_of(origin)); f; f = f->next)
        if (scheme_apk.compare(slice_of(f->version), after) > 0 &&
            scheme_apk.compare(slice_of(f->version), up_to) <= 0)
            vec_push(a, &out->ids, arena_copy(a, f->id));
    if (out->ids.count)
        qsort(out->ids.items, out->ids.count, sizeof *out->ids.items, by_text);
    for (size_t i = 0; i < out->ids.count; i++)
        if (kept == 0 || strcmp(out->ids.items[kept - 1], out->ids.items[i]) != 0)
            out->ids.items[kept++] = out->ids.items[i];
    out->ids.count = kept;
}
