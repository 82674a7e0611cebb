/* The words of messages about mwatch.yaml: where something stands, what it is, what was wanted. */
#include "watcher/base/text.h"
#include "watcher/recipes/config_check.h"

static void add_crumb(struct buf *out, const struct crumb *at)
{
    if (at->kind == CRUMB_KEY)
        buf_add_text(out, "a key of ");
    if (at->up)
        add_crumb(out, at->up);
    if (at->kind == CRUMB_ITEM)
        buf_addf(out, "[%zu]", at->index);
    if (at->kind != CRUMB_MEMBER)
        return;
    if (at->up->kind != CRUMB_FILE)
        buf_add_byte(out, '.');
    text_add_visible(out, at->name);
}

const char *where_is(struct checker *c, const struct crumb *at)
{
    struct buf text = {0};
    add_crumb(&text, at);
    const char *copy = arena_text(&c->arena, buf_slice(&text));
    buf_free(&text);
    return copy;
}

const char *where_visible(struct checker *c, struct slice text)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    const char *copy = arena_text(&c->arena, buf_slice(&safe));
    buf_free(&safe);
    return copy;
}

bool config_fail(struct error *e, enum error_code code, const char *file, size_t line,
                 size_t column, const char *format, ...)
{
    struct buf text = {0}, safe = {0}, name = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    text_add_visible(&safe, buf_slice(&text));
    text_add_visible(&name, slice_of(file));
    error_at(e, code, buf_text(&name), line, column, "%s", buf_text(&safe));
    buf_free(&text);
    buf_free(&safe);
    buf_free(&name);
    return false;
}

const char *where_list(struct checker *c, const char *const *words, const char *last)
{
    const char *list = "";
    for (size_t i = 0; words[i]; i++) {
        const char *between = !i ? "" : words[i + 1] ? ", " : last;
        list = arena_printf(&c->arena, "%s%s%s", list, between, words[i]);
    }
    return list;
}

static const char *describe(struct checker *c, const struct node *node)
{
    if (node->kind == NODE_MAPPING)
        return "a mapping";
    if (node->kind == NODE_SEQUENCE)
        return "a list";
    if (config_is_null(node) || slice_empty(node->value))
        return "empty";
    return where_visible(c, node->value);
}

static const char *wanted(struct checker *c, const struct config_type *type)
{
    static const char *const words[] = {
        [SHAPE_TEXT] = "a text",        [SHAPE_TEMPLATE] = "a text",
        [SHAPE_FLAG] = "true or false", [SHAPE_CHOICE] = "a choice",
        [SHAPE_SCHEME] = "a scheme",    [SHAPE_DURATION] = "a time such as 36h or 3d",
        [SHAPE_PATTERN] = "a pattern",  [SHAPE_FILE] = "a file inside the repository",
        [SHAPE_URL] = "a URL",          [SHAPE_SOURCE] = "one source with its parameters",
        [SHAPE_LIST] = "a list",        [SHAPE_TABLE] = "a mapping",
        [SHAPE_RECORD] = "a mapping",
    };
    if (type->what)
        return type->what;
    if (type->shape == SHAPE_CHOICE)
        return where_list(c, type->choices, " or ");
    return words[type->shape];
}

bool where_fail(struct checker *c, const struct config_type *type, const struct node *node,
                const struct crumb *at)
{
    const char *path = where_is(c, at);
    return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column, "%s must be %s, not %s",
                    *path ? path : "the file", wanted(c, type), describe(c, node));
}
