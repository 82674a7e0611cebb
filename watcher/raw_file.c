#include "watcher/raw_file.h"

#include "watcher/base/url.h"

#include <string.h>

/* What stands between the repository and the tag or commit. */
static const struct forge {
    const char *host; /* one that ends in "." stands for all that begin so */
    const char *base; /* NULL = the repository's own address */
    const char *by_tag, *by_commit;
} forges[] = {
    {"github.com", "https://raw.githubusercontent.com", "", ""},
    {"gitlab.", NULL, "/-/raw", "/-/raw"},
    {"codeberg.org", NULL, "/raw/tag", "/raw/commit"},
    {"gitea.", NULL, "/raw/tag", "/raw/commit"},
    {"bitbucket.org", NULL, "/raw", "/raw"},
};

static const struct forge *forge_of(struct slice host)
{
    for (size_t i = 0; i < sizeof forges / sizeof *forges; i++) {
        struct slice known = slice_of(forges[i].host);
        bool family = slice_ends(known, SLICE("."));
        if (family ? slice_starts(host, known) : slice_equal_nocase(host, known))
            return &forges[i];
    }
    return NULL;
}

static struct slice bare(struct slice path)
{
    while (slice_ends(path, SLICE("/")))
        path.len--;
    if (slice_ends(path, SLICE(".git")))
        path.len -= strlen(".git");
    return path;
}

const char *raw_file_address(struct arena *a, const char *repository, const char *tag,
                             const char *commit, const char *path)
{
    struct url url;
    struct buf out = {0};
    if (!url_parse(slice_of(repository), &url) || (!tag && !commit))
        return NULL;
    const struct forge *forge = forge_of(url.host);
    if (!forge || url.user.len)
        return NULL;
    if (forge->base)
        buf_add_text(&out, forge->base);
    else
        buf_addf(&out, "%.*s://%.*s%s%.*s", SLICE_ARG(url.scheme), SLICE_ARG(url.host),
                 url.port.len ? ":" : "", SLICE_ARG(url.port));
    buf_add(&out, bare(url.path));
    buf_add_text(&out, tag ? forge->by_tag : forge->by_commit);
    buf_add_byte(&out, '/');
    url_escape(&out, slice_of(tag ? tag : commit), true);
    buf_add_byte(&out, '/');
    url_escape(&out, slice_of(path), true);
    const char *address = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return address;
}
