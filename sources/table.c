/* The one table of sources: a new adapter is one file and one row here. Presets have their own
 * table in presets.c. */
#include "sources/source.h"

/* ROW(name) stands for `const struct source source_name` at the foot of the adapter's file. */
#define SOURCES(ROW)                                                                               \
    ROW(github)                                                                                    \
    ROW(git)                                                                                       \
    ROW(jenkins)                                                                                   \
    ROW(php)                                                                                       \
    ROW(rubygems)                                                                                  \
    ROW(html)                                                                                      \
    ROW(json)                                                                                      \
    ROW(text)                                                                                      \
    ROW(apkindex)                                                                                  \
    ROW(oci)                                                                                       \
    ROW(release_monitor)

#define DECLARE(name) extern const struct source source_##name;
SOURCES(DECLARE)

#define ADDRESS(name) &source_##name,
static const struct source *const table[] = {SOURCES(ADDRESS) NULL};

const struct source *const *source_all(void)
{
    return table;
}

const struct source *source_find(const char *name)
{
    for (size_t i = 0; table[i]; i++)
        if (slice_is(slice_of(name), table[i]->name))
            return table[i];
    return NULL;
}

const struct preset *preset_find(const char *name)
{
    size_t count = 0;
    const struct preset *all = preset_all(&count);
    for (size_t i = 0; i < count; i++)
        if (slice_is(slice_of(name), all[i].name))
            return &all[i];
    return NULL;
}

const char *const *source_names(struct arena *a)
{
    VEC(const char *) names = {0};
    for (size_t i = 0; table[i]; i++)
        vec_push(a, &names, table[i]->name);
    size_t count = 0;
    const struct preset *all = preset_all(&count);
    for (size_t i = 0; i < count; i++)
        vec_push(a, &names, all[i].name);
    vec_push(a, &names, NULL);
    return names.items;
}
