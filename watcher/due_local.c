/* What the repository's own recipes build, as an index would tell of it. */
#include "watcher/base/text.h"
#include "watcher/due_parts.h"

void due_add_built(struct due *d, struct due_recipe *recipe)
{
    for (size_t i = 0; i < recipe->needs.built.count; i++) {
        void **slot = names_slot(&d->builders, slice_of(recipe->needs.built.items[i].name));
        *slot = *slot ? *slot : recipe;
    }
}

const struct due_recipe *due_builder(const struct due *d, struct slice package)
{
    return names_find(&d->builders, package);
}

/* What a recipe says may be anything; in an index blanks and line ends part fields. */
static bool is_word(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c > -1 && *c <= ' ')
            return false;
    return *text && text_is_visible(slice_of(text));
}

static void add_words(struct buf *out, const char *field, const char *const *items, size_t count)
{
    const char *before = field;
    for (size_t i = 0; i < count; i++) {
        if (!is_word(items[i]))
            continue;
        buf_addf(out, "%s%s", before, items[i]);
        before = " ";
    }
    if (before != field)
        buf_add_byte(out, '\n');
}

static void add_stanza(struct buf *out, const struct due_recipe *recipe, const struct built *b)
{
    buf_addf(out, "P:%s\nV:%s\no:%s\n", b->name, b->version, recipe->name);
    if (b->priority)
        buf_addf(out, "k:%lld\n", b->priority);
    add_words(out, "D:", b->runtime.items, b->runtime.count);
    add_words(out, "p:", b->provides.items, b->provides.count);
    buf_add_byte(out, '\n');
}

struct slice due_local_index(struct due *d)
{
    struct buf text = {0};
    for (size_t i = 0; i < d->recipes.count; i++)
        for (size_t k = 0; k < d->recipes.items[i]->needs.built.count; k++)
            if (is_word(d->recipes.items[i]->needs.built.items[k].version))
                add_stanza(&text, d->recipes.items[i], &d->recipes.items[i]->needs.built.items[k]);
    struct slice kept = arena_slice(&d->arena, buf_slice(&text));
    buf_free(&text);
    return kept;
}
