/* Images that somebody asks for, due or not. */
#include "watcher/due_parts.h"

#include "watcher/base/text.h"

#include <string.h>

static bool is_called(const struct due_image *m, const char *name)
{
    return strcmp(m->name, name) == 0 || strcmp(m->file, name) == 0;
}

static bool fail_unknown(struct due *d, const char *name, struct error *e)
{
    const char **names = arena_array(&d->arena, d->images.count + 1, sizeof *names);
    for (size_t i = 0; i < d->images.count; i++)
        names[i] = d->images.items[i]->name;
    const char *near = text_nearest(slice_of(name), names);
    return error_set(e, ERROR_USAGE, "--image %s: no image is called so%s%s%s", name,
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

bool due_ask_for(struct due *d, const char *const *names, size_t count, struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t k = 0; k < d->images.count; k++) {
            struct due_image *m = d->images.items[k];
            if (!is_called(m, names[i]))
                continue;
            found = m->asked = true;
        }
        if (!found)
            return fail_unknown(d, names[i], e);
    }
    for (size_t i = 0; i < d->images.count; i++)
        if (!due_failed(d->images.items[i]))
            d->images.items[i]->fate = d->images.items[i]->asked ? DUE_REBUILD : DUE_SAME;
    return true;
}

void due_keep_asked(struct due *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->asked)
            d->images.items[kept++] = d->images.items[i];
    d->images.count = kept;
}
