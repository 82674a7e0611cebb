#include "sources/expand.h"

#include "sources/key.h"
#include "watcher/base/url.h"

#include <string.h>

static void add_backslashed(struct buf *out, struct slice value, const char *before)
{
    for (size_t i = 0; i < value.len; i++) {
        if (strchr(before, value.ptr[i]))
            buf_add_byte(out, '\\');
        buf_add_byte(out, value.ptr[i]);
    }
}

/* Add the value of a preset's key in the way that source.h states. */
static void add_value(struct buf *out, enum key_type into, enum key_type from, struct slice value,
                      bool escape_slash)
{
    if (into == KEY_URL && from == KEY_URL)
        buf_add(out, slice_ends(value, SLICE("/")) ? slice_first(value, value.len - 1) : value);
    else if (into == KEY_URL)
        url_escape(out, value, !escape_slash);
    else if (into == KEY_PATTERN && from != KEY_PATTERN)
        add_backslashed(out, value, "\\^$.[]|()?*+{}");
    else if (into == KEY_PATH && from != KEY_PATH)
        add_backslashed(out, value, "\\'\"");
    else
        buf_add(out, value);
}

/* Take "{name}" or "{name%}" off the front of *rest: the index of the preset's key, SLICE_NONE when
 * it is not one. */
static size_t take_placeholder(const struct preset_keys *t, struct slice *rest, bool *escape_slash)
{
    size_t end = slice_find_byte(*rest, '}');
    if (end == SLICE_NONE)
        return SLICE_NONE;
    struct slice name = slice_new(rest->ptr + 1, end - 1);
    *escape_slash = slice_ends(name, SLICE("%"));
    if (*escape_slash)
        name.len--;
    size_t i = key_find(t->keys, t->count, name);
    if (i != SLICE_NONE)
        *rest = slice_from(*rest, end + 1);
    return i;
}

bool preset_expand(const struct preset_keys *t, const char *template, enum key_type into,
                   struct buf *out)
{
    struct slice rest = slice_of(template);
    while (rest.len) {
        bool escape_slash = false;
        size_t i = rest.ptr[0] == '{' ? take_placeholder(t, &rest, &escape_slash) : SLICE_NONE;
        if (i == SLICE_NONE) {
            buf_add_byte(out, rest.ptr[0]);
            rest = slice_from(rest, 1);
            continue;
        }
        if (!t->values[i])
            return false;
        add_value(out, into, t->keys[i].type, slice_of(t->values[i]), escape_slash);
    }
    return true;
}
