#include "watcher/recipes/melange_parts.h"

static bool is_quoted(struct slice text)
{
    return text.len > 2 && (text.ptr[0] == '\'' || text.ptr[0] == '"') &&
           text.ptr[text.len - 1] == text.ptr[0] &&
           slice_find_byte(slice_from(text, 1), text.ptr[0]) == text.len - 2;
}

/* The x of "${{build.arch}} == 'x'"; conditions of any other form say nothing that is needed. */
static const char *condition_arch(struct arena *a, struct slice condition)
{
    struct slice rest = slice_trim(condition);
    if (!slice_starts(rest, SLICE("${{")))
        return NULL;
    size_t end = slice_find(rest, SLICE("}}"));
    if (end == SLICE_NONE ||
        !slice_is(slice_trim(slice_from(slice_first(rest, end), 3)), "build.arch"))
        return NULL;
    rest = slice_trim(slice_from(rest, end + 2));
    if (!slice_starts(rest, SLICE("==")))
        return NULL;
    rest = slice_trim(slice_from(rest, 2));
    return is_quoted(rest) ? arena_text(a, slice_first(slice_from(rest, 1), rest.len - 2)) : NULL;
}

/* `outer` is what the steps inherit. */
static void add_steps(struct arena *a, const struct node *holder, const char *path,
                      const struct step *outer, struct steps *out)
{
    const struct node *pipeline = node_get(holder, "pipeline");
    if (!pipeline || pipeline->kind != NODE_SEQUENCE)
        return;
    for (size_t i = 0; i < pipeline->count; i++) {
        const struct node *node = pipeline->items[i];
        const char *arch = condition_arch(a, node_text(node, "if"));
        struct slice directory = node_text(node, "working-directory");
        struct step s = {
            .path = arena_printf(a, "%s%spipeline[%zu]", path, *path ? "." : "", i),
            .node = node,
            .with = node_get(node, "with"),
            .arch = arch ? arch : outer->arch,
            .directory = directory.len ? directory : outer->directory,
        };
        if (node->kind != NODE_MAPPING)
            continue;
        out->cut = out->cut || out->list.count >= MOST_STEPS;
        if (out->cut)
            return;
        vec_push(a, &out->list, s);
        add_steps(a, node, s.path, &s, out);
    }
}

void melange_steps(struct arena *a, const struct node *holder, const char *path, struct steps *out)
{
    struct step none = {0};
    add_steps(a, holder, path, &none, out);
}

bool step_uses(const struct step *s, const char *name)
{
    return slice_is(node_text(s->node, "uses"), name);
}

/* Hosts where the same repository has another path over https (as their own pages say); everywhere
 * else the path is the same. */
static const struct {
    const char *from, *to;
} https_addresses[] = {
    {"git://anongit.gentoo.org/", "https://anongit.gentoo.org/git/"},
    {"git://git.savannah.gnu.org/", "https://git.savannah.gnu.org/git/"},
    {"git://git.savannah.nongnu.org/", "https://git.savannah.nongnu.org/git/"},
    {"git://", "https://"},
};

const char *melange_repository(struct arena *a, struct slice repository)
{
    for (size_t i = 0; i < sizeof https_addresses / sizeof *https_addresses; i++) {
        struct slice from = slice_of(https_addresses[i].from);
        if (slice_starts(repository, from))
            return arena_printf(a, "%s%.*s", https_addresses[i].to,
                                SLICE_ARG(slice_from(repository, from.len)));
    }
    return arena_text(a, repository);
}
