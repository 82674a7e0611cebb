/* Finding what mwatch.yaml points to: a path in the recipe, a pattern in any file. */
#include "watcher/recipes/config_parts.h"

static const struct node *root_of(const struct target *t)
{
    return t->y && t->y->count ? t->y->documents[0] : NULL;
}

static bool fail_path(struct making *m, const struct node *at, const char *path)
{
    const struct target *t = m->target;
    if (!at)
        return config_fail(&m->c->error, ERROR_RECIPE, t->file, 0, 0, "no %s", path);
    if (root_of(t))
        return making_fail(m, at, "%s has no %s; add it there or mend the path here", t->file,
                           path);
    if (error_is_set(&t->unread))
        return making_fail(m, at, "%s has no %s, as it is no YAML: %s", t->file, path,
                           t->unread.message);
    return making_fail(m, at, "%s has no %s, as it is no YAML; use places", t->file, path);
}

bool spot_path(struct making *m, const struct node *at, const char *path, struct spot *out)
{
    const struct node *root = root_of(m->target);
    const struct node *node = root ? node_path(root, path) : NULL;
    if (!node)
        return fail_path(m, at, path);
    if (node->kind != NODE_SCALAR)
        return making_fail(m, at, "%s:%zu: %s is no single value", m->target->file, node->line,
                           path);
    *out = (struct spot){m->target->file, node->line, node->value};
    return true;
}

bool spot_content(struct making *m, const struct node *at, const char *file, struct slice *out)
{
    enum { LARGEST = 16 * 1024 * 1024 };
    struct target *t = m->target;
    struct error e = {0};
    if (slice_is(slice_of(file), t->file)) {
        *out = t->source;
        return true;
    }
    for (size_t i = 0; i < t->others.count; i++) {
        *out = t->others.items[i].content;
        if (slice_is(slice_of(file), t->others.items[i].name))
            return true;
    }
    struct buf content = BUF_MAX(LARGEST);
    bool good = t->files->read(t->files->arg, file, &content, &e);
    if (good) {
        *out = arena_slice(&t->arena, buf_slice(&content));
        struct other_file other = {arena_copy(&t->arena, file), *out};
        vec_push(&t->arena, &t->others, other);
    } else {
        making_fail(m, at, "%s", e.message);
    }
    buf_free(&content);
    return good;
}

static size_t line_of(struct slice content, const char *ptr)
{
    size_t line = 1;
    for (const char *p = content.ptr; p < ptr; p++)
        line += *p == '\n';
    return line;
}

/* Without the flag that layer_line_pattern put before it. */
static const char *as_written(const struct pattern *pattern)
{
    const char *text = pattern_text(pattern);
    return text + (slice_starts(slice_of(text), SLICE("(?m)")) ? 4 : 0);
}

bool spot_pattern(struct making *m, const struct node *at, const char *file,
                  const struct pattern *pattern, struct spot *out)
{
    struct slice content;
    struct match match = {0};
    if (!spot_content(m, at, file, &content))
        return false;
    enum pattern_result result = pattern_search(pattern, content, 0, &match);
    if (result == PATTERN_LIMIT)
        return making_fail(m, at, "the pattern gives up on %s: too much to try", file);
    if (result == PATTERN_NO)
        return making_fail(m, at, "nothing in %s fits %s", file, as_written(pattern));
    size_t group = pattern_group(pattern, "version");
    if (!group && match.count > 1)
        group = 1;
    *out = (struct spot){file, line_of(content, match.group[0].ptr), match.group[group]};
    return true;
}
