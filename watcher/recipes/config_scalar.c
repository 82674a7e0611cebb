/* Check single values of mwatch.yaml. */
#include "watcher/base/file.h"
#include "watcher/base/pattern.h"
#include "watcher/base/template.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"
#include "watcher/recipes/config_check.h"
#include "watcher/versions/scheme.h"

bool config_is_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && node_type(node) == TYPE_NULL;
}

/* A fault inside a value that `inner` explains. */
static bool fail_inside(struct checker *c, const struct node *node, const struct crumb *at,
                        const struct error *inner)
{
    return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column, "%s: %s", where_is(c, at),
                    inner->message);
}

static bool has_control(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
            return true;
    return false;
}

/* Does the text fit the type's form? A form that does not compile would be a fault of the tables.
 */
static bool fits_form(struct checker *c, const struct config_type *type, struct slice text)
{
    if (!type->form || slice_empty(text))
        return true;
    struct error e = {0};
    const struct pattern *p = pattern_compile(&c->arena, slice_of(type->form), &e);
    return p && pattern_search(p, text, 0, NULL) == PATTERN_YES;
}

static bool check_text(struct checker *c, const struct config_type *type, const struct node *node,
                       const struct crumb *at)
{
    if (slice_empty(node->value) && !type->may_be_empty)
        return where_fail(c, type, node, at);
    if (has_control(node->value))
        return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                        "%s has a line break or another control character", where_is(c, at));
    return fits_form(c, type, node->value) || where_fail(c, type, node, at);
}

static bool check_template(struct checker *c, const struct config_type *type,
                           const struct node *node, const struct crumb *at)
{
    struct error inner = {0};
    if (!check_text(c, type, node, at))
        return false;
    if (template_compile(&c->arena, node->value, type->choices, NULL, &inner))
        return true;
    return fail_inside(c, node, at, &inner);
}

static bool check_choice(struct checker *c, const struct config_type *type, const struct node *node,
                         const struct crumb *at)
{
    for (const char *const *choice = type->choices; *choice; choice++)
        if (slice_is(node->value, *choice))
            return true;
    return where_fail(c, type, node, at);
}

static bool check_scheme(struct checker *c, const struct node *node, const struct crumb *at)
{
    for (const char *const *name = scheme_names(); *name; name++)
        if (slice_is(node->value, *name))
            return true;
    const char *near = text_nearest(node->value, scheme_names());
    return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                    "%s: unknown scheme %s (%s%s)", where_is(c, at), where_visible(c, node->value),
                    near ? near : where_list(c, scheme_names(), " or "), near ? "?" : "");
}

static bool check_pattern(struct checker *c, const struct node *node, const struct crumb *at)
{
    struct error inner = {0};
    if (slice_empty(node->value))
        return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                        "%s must be a pattern, not empty", where_is(c, at));
    return pattern_compile(&c->arena, node->value, &inner) || fail_inside(c, node, at, &inner);
}

bool check_scalar(struct checker *c, const struct config_type *type, const struct node *node,
                  const struct crumb *at)
{
    int64_t seconds;
    unsigned long long number;
    struct url url;
    if (node->kind != NODE_SCALAR || config_is_null(node))
        return where_fail(c, type, node, at);
    switch (type->shape) {
    case SHAPE_TEMPLATE:
        return check_template(c, type, node, at);
    case SHAPE_FLAG:
        return node_type(node) == TYPE_BOOL || where_fail(c, type, node, at);
    case SHAPE_CHOICE:
        return check_choice(c, type, node, at);
    case SHAPE_SCHEME:
        return check_scheme(c, node, at);
    case SHAPE_DURATION:
        return duration_parse(node->value, &seconds) || where_fail(c, type, node, at);
    case SHAPE_COUNT:
        return (slice_number(node->value, &number) && fits_form(c, type, node->value)) ||
               where_fail(c, type, node, at);
    case SHAPE_PATTERN:
        return check_pattern(c, node, at);
    case SHAPE_FILE:
        return check_text(c, type, node, at) &&
               (path_is_inside(node->value) || where_fail(c, type, node, at));
    case SHAPE_URL:
        return url_parse(node->value, &url) || where_fail(c, type, node, at);
    default:
        return check_text(c, type, node, at);
    }
}
