#include "watcher/templates.h"

#include "watcher/base/file.h"
#include "watcher/base/template.h"
#include "watcher/base/utf8.h"
#include "watcher/template_table.h"

#include <string.h>

enum { LARGEST_TEMPLATE = 64 * 1024 };

static const char *const update_names[] = {
    "heading", "file",       "component_row", "from",       "to",        "decision", "stream",
    "source",  "tag",        "commit",        "published",  "changed",   "left",     "warnings",
    "proof",   "links",      "image",         "dependents", "checklist", "notes",    "retagged",
    "manual",  "advisories", "marker",        NULL};
static const char *const rebuild_names[] = {"heading", "reason",      "file",   "from", "to",
                                            "changed", "unpublished", "marker", NULL};
static const char *const group_names[] = {"heading", "count",  "table", "members",
                                          "manual",  "marker", NULL};
static const char *const commit_names[] = {"subject", "file",    "from",  "to",
                                           "tag",     "commit",  "proof", "dependents",
                                           "fixed",   "members", NULL};

static const struct {
    const char *file;
    const char *const *names;
} kinds[TEMPLATE_KINDS] = {
    [TEMPLATE_PULL_REQUEST] = {"pull-request.md", update_names},
    [TEMPLATE_ISSUE] = {"issue.md", update_names},
    [TEMPLATE_REBUILD] = {"rebuild.md", rebuild_names},
    [TEMPLATE_GROUP] = {"group.md", group_names},
    [TEMPLATE_GROUP_MEMBER] = {"group-member.md", update_names},
    [TEMPLATE_COMMIT] = {"commit.txt", commit_names},
};

const char *template_file(enum template_kind kind)
{
    return kinds[kind].file;
}

const char *const *template_names(enum template_kind kind)
{
    return kinds[kind].names;
}

const char *template_builtin(const char *name)
{
    for (const struct template_row *row = template_table; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row->text;
    return NULL;
}

const char *templates_text(const struct templates *t, enum template_kind kind)
{
    const char *own = t ? t->texts[kind] : NULL;
    return own ? own : template_builtin(kinds[kind].file);
}

/* Where in the file a byte stands, in lines and columns from 1; a column is a character, as in
 * what is said of mwatch.yaml. */
static bool fail_at(const char *file, struct slice text, size_t offset, struct error *inner,
                    struct error *e)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < offset && i < text.len; i++) {
        bool ends = text.ptr[i] == '\n';
        line += ends;
        if (ends)
            column = 1;
        else if (((unsigned char)text.ptr[i] & 0xC0) != 0x80)
            column++;
    }
    return error_at(e, ERROR_USAGE, file, line, column, "%s", inner->message);
}

static bool check(const char *file, struct slice text, const char *const *names, struct error *e)
{
    struct arena scratch = {0};
    struct error inner = {0};
    size_t offset = 0;
    bool good = template_compile(&scratch, text, names, &offset, &inner) != NULL;
    if (!good)
        fail_at(file, text, offset, &inner, e);
    arena_free(&scratch);
    return good;
}

struct own {
    enum template_kind kind;
    const char *key, *file; /* as mwatch.yaml has them */
};

static bool load(struct arena *a, const char *root, const char *config, const struct own *own,
                 const char **out, struct error *e)
{
    const char *file = own->file;
    struct buf path = {0}, text = BUF_MAX(LARGEST_TEMPLATE);
    struct error inner = {0};
    path_join(&path, slice_of(root), slice_of(file));
    bool good = file_read(buf_text(&path), &text, &inner);
    if (!good)
        error_set(e, ERROR_USAGE, "%s: templates.%s: %s", config, own->key, inner.message);
    else if (memchr(text.len ? text.ptr : "", '\0', text.len) ||
             utf8_valid_length(buf_slice(&text)) < text.len)
        good = error_set(e, ERROR_USAGE, "%s: templates.%s: %s is no text in UTF-8", config,
                         own->key, file);
    good = good && check(file, buf_slice(&text), kinds[own->kind].names, e);
    if (good)
        *out = arena_text(a, buf_slice(&text));
    buf_free(&path);
    buf_free(&text);
    return good;
}

bool templates_load(struct arena *a, const char *root, const struct config *config,
                    struct templates *out, struct error *e)
{
    const struct config_templates *c = &config->templates;
    const struct own rows[] = {
        {TEMPLATE_PULL_REQUEST, "pull-request", c->pull_request},
        {TEMPLATE_ISSUE, "issue", c->issue},
        {TEMPLATE_REBUILD, "rebuild", c->rebuild},
        {TEMPLATE_GROUP, "group", c->group},
        {TEMPLATE_GROUP_MEMBER, "group-member", c->group_member},
        {TEMPLATE_COMMIT, "commit", c->commit},
    };
    *out = (struct templates){
        .title = c->title, .issue_title = c->issue_title, .group_title = c->group_title};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].file && !load(a, root, config->file, &rows[i], &out->texts[rows[i].kind], e))
            return false;
    return true;
}
