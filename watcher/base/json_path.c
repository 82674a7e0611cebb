#include "watcher/base/json_path.h"

#include <string.h>

struct walk {
    const struct json_path *path;
    const json_t *root; /* what $ stands for */
    bool (*each)(void *arg, const json_t *value, const char *key);
    void *arg;
};

/* ---- filters ---- */

static const json_t *element(const json_t *array, json_int_t index)
{
    json_int_t count = (json_int_t)json_array_size(array);
    json_int_t at = index < 0 ? index + count : index;
    return at < 0 || at >= count ? NULL : json_array_get(array, (size_t)at);
}

/* The one value a singular path leads to, NULL when there is none. */
static const json_t *follow(const struct json_path *path, const json_t *value)
{
    for (size_t i = 0; value && i < path->segments.count; i++) {
        const struct segment *s = &path->segments.items[i];
        value =
            s->select == SELECT_NAME ? json_object_get(value, s->name) : element(value, s->index);
    }
    return value;
}

static const json_t *resolve(const struct operand *o, const json_t *root, const json_t *here)
{
    return o->literal ? o->literal : follow(o->path, o->path->absolute ? root : here);
}

static int sign(bool less, bool greater)
{
    return greater - less;
}

/* Both are numbers. A json_int_t and a double are compared as doubles. */
static int compare_numbers(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b)) {
        json_int_t x = json_integer_value(a), y = json_integer_value(b);
        return sign(x<y, x> y);
    }
    double x = json_number_value(a), y = json_number_value(b);
    return sign(x<y, x> y);
}

static struct slice text_of(const json_t *string)
{
    return slice_new(json_string_value(string), json_string_length(string));
}

/* RFC 9535, 2.3.5.2.2, but for objects and arrays, which are equal to nothing. `ordered` says
 * whether < and > mean anything; UTF-8 sorts by bytes as by code points. */
static bool same(const json_t *a, const json_t *b, bool *ordered, int *order)
{
    *ordered = (json_is_number(a) && json_is_number(b)) || (json_is_string(a) && json_is_string(b));
    if (*ordered) {
        *order = json_is_string(a) ? slice_compare(text_of(a), text_of(b)) : compare_numbers(a, b);
        return *order == 0;
    }
    if (!a || !b)
        return a == b;
    return json_typeof(a) == json_typeof(b) && !json_is_object(a) && !json_is_array(a);
}

static bool compare(const struct test *t, const json_t *a, const json_t *b)
{
    bool ordered = false;
    int order = 0;
    bool equal = same(a, b, &ordered, &order);
    switch (t->comparison) {
    case COMPARE_EQ:
        return equal;
    case COMPARE_NE:
        return !equal;
    case COMPARE_LT:
        return ordered && order < 0;
    case COMPARE_LE:
        return equal || (ordered && order < 0);
    case COMPARE_GT:
        return ordered && order > 0;
    case COMPARE_GE:
        return equal || (ordered && order > 0);
    }
    return false;
}

static bool visit(struct walk *w, size_t segment, const json_t *value, const char *key);

struct found {
    const struct pattern *pattern; /* NULL: any value will do */
    bool yes;
};

static bool look(void *arg, const json_t *value, const char *key)
{
    struct found *f = arg;
    (void)key;
    if (!f->pattern)
        f->yes = true;
    else if (json_is_string(value))
        f->yes = pattern_search(f->pattern, text_of(value), 0, NULL) == PATTERN_YES;
    return !f->yes;
}

/* Does the path lead to a value (that the pattern, if there is one, is found in)? */
static bool finds(const struct test *t, const json_t *root, const json_t *here)
{
    struct found f = {.pattern = t->pattern};
    struct walk w = {.path = t->a.path, .root = root, .each = look, .arg = &f};
    visit(&w, 0, t->a.path->absolute ? root : here, NULL);
    return f.yes;
}

static bool holds(const struct test *t, const json_t *root, const json_t *here)
{
    switch (t->kind) {
    case TEST_OR:
        return holds(t->left, root, here) || holds(t->right, root, here);
    case TEST_AND:
        return holds(t->left, root, here) && holds(t->right, root, here);
    case TEST_NOT:
        return !holds(t->left, root, here);
    case TEST_EXISTS:
    case TEST_PATTERN:
        return finds(t, root, here);
    case TEST_COMPARE:
        return compare(t, resolve(&t->a, root, here), resolve(&t->b, root, here));
    }
    return false;
}

/* ---- segments; every function is false once `each` wants no more ---- */

static bool emit(struct walk *w, const json_t *value, const char *key)
{
    if (!w->path->keys)
        return w->each(w->arg, value, key);
    if (!key) /* an element or the document: it has no name */
        return true;
    json_t *name = json_string(key);
    bool more = w->each(w->arg, name, key);
    json_decref(name);
    return more;
}

/* Call `step` for every member or element. */
static bool each_child(struct walk *w, size_t segment, const json_t *value,
                       bool (*step)(struct walk *, size_t, const json_t *, const char *))
{
    const char *key;
    json_t *child;
    size_t i;
    json_object_foreach((json_t *)value, key, child)
    {
        if (!step(w, segment, child, key))
            return false;
    }
    json_array_foreach(value, i, child)
    {
        if (!step(w, segment, child, NULL))
            return false;
    }
    return true;
}

static bool pass(struct walk *w, size_t segment, const json_t *value, const char *key)
{
    const struct segment *s = &w->path->segments.items[segment];
    if (s->select == SELECT_FILTER && !holds(s->test, w->root, value))
        return true;
    return visit(w, segment + 1, value, key);
}

static bool pick(struct walk *w, size_t segment, const json_t *value)
{
    const struct segment *s = &w->path->segments.items[segment];
    const json_t *child = NULL;
    if (s->select == SELECT_NAME)
        child = json_object_get(value, s->name);
    else if (s->select == SELECT_INDEX)
        child = element(value, s->index);
    else
        return each_child(w, segment, value, pass);
    return !child || visit(w, segment + 1, child, s->name);
}

/* jansson nests 2,048 deep at most, and so does this. */
static bool descend(struct walk *w, size_t segment, const json_t *value, const char *key)
{
    (void)key;
    return pick(w, segment, value) && each_child(w, segment, value, descend);
}

static bool visit(struct walk *w, size_t segment, const json_t *value, const char *key)
{
    if (segment == w->path->segments.count)
        return emit(w, value, key);
    if (w->path->segments.items[segment].descend)
        return descend(w, segment, value, key);
    return pick(w, segment, value);
}

void json_path_each(const struct json_path *path, const json_t *root,
                    bool (*each)(void *arg, const json_t *value, const char *key), void *arg)
{
    struct walk w = {.path = path, .root = root, .each = each, .arg = arg};
    visit(&w, 0, root, NULL);
}

static bool keep_first(void *arg, const json_t *value, const char *key)
{
    const json_t **first = arg;
    (void)key;
    *first = value;
    return false;
}

const json_t *json_path_first(const struct json_path *path, const json_t *root)
{
    const json_t *first = NULL;
    if (!path->keys)
        json_path_each(path, root, keep_first, &first);
    return first;
}
