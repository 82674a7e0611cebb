#include "watcher/plan_words.h"

#include "watcher/base/text.h"
#include "watcher/markdown.h"

/* Bytes of the lists, columns of an item. */
enum { LONGEST_DEPENDENTS = 6000, LONGEST_NAMES = 4000, LONGEST_WORD = 500 };

const char *plan_cut(struct arena *a, const char *text, size_t columns)
{
    struct buf safe = {0}, out = {0};
    text_add_visible(&safe, slice_of(text));
    text_add_cut(&out, buf_slice(&safe), columns);
    const char *copy = arena_text(a, buf_slice(&out));
    buf_free(&safe);
    buf_free(&out);
    return copy;
}

bool plan_keep_within(struct buf *out, size_t before, size_t most, size_t left)
{
    if (out->len <= most)
        return true;
    buf_cut(out, before);
    buf_addf(out, "- and %zu more\n", left);
    return false;
}

size_t plan_dependents(const struct change_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->files.count; i++)
        count += set->files.items[i].recipe != NULL;
    return count;
}

/* Its epoch is the first edit of each. */
static void add_dependent(struct arena *a, struct buf *out, const struct file_change *f)
{
    const struct edit *epoch = &f->edits.list.items[0];
    buf_add_text(out, "- ");
    markdown_add_code(out, slice_of(plan_cut(a, f->recipe, LONGEST_WORD)));
    buf_addf(out, " epoch %s → %s: ", epoch->old_text, epoch->new_text);
    markdown_add_code(out, slice_of(plan_cut(a, f->why, LONGEST_WORD)));
    buf_add_byte(out, '\n');
}

void plan_add_dependents(struct arena *a, const struct change_set *set, struct buf *out)
{
    size_t left = plan_dependents(set);
    for (size_t i = 0; i < set->files.count; i++) {
        size_t before = out->len;
        if (!set->files.items[i].recipe)
            continue;
        add_dependent(a, out, &set->files.items[i]);
        if (!plan_keep_within(out, before, LONGEST_DEPENDENTS, left--))
            break;
    }
}

/* Names of packages are plain. */
void plan_add_rebuilt(const struct change_set *set, struct buf *out)
{
    for (size_t i = 0; i < set->files.count && out->len < LONGEST_NAMES; i++)
        if (set->files.items[i].recipe)
            buf_addf(out, "%s\n", set->files.items[i].recipe);
}
