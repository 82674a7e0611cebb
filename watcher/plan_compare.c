/* Where a reviewer sees what changed between two releases. */
#include "watcher/plan.h"
#include "watcher/plan_words.h"

#include "watcher/base/url.h"

#include <string.h>

/* How a forge spells the address of a comparison, after the repository's. */
struct style {
    const char *before, *between;
    bool reversed; /* the newer one stands first */
};

static const struct style github = {"/compare/", "...", false};
static const struct style gitlab = {"/-/compare/", "...", false};
static const struct style bitbucket = {"/branches/compare/", "%0D", true};

/* Servers that are known by name; a name that ends in a dot is where a host's begins. */
static const struct {
    const char *host;
    const struct style *style;
} servers[] = {
    {"github.com", &github},       {"gitlab.com", &gitlab},     {"gitlab.", &gitlab},
    {"salsa.debian.org", &gitlab}, {"invent.kde.org", &gitlab}, {"codeberg.org", &github},
    {"gitea.com", &github},        {"gitea.", &github},         {"forgejo.", &github},
    {"bitbucket.org", &bitbucket},
};

/* A repository's page, and how it compares. */
struct forge_page {
    const char *page; /* NULL = not known */
    const struct style *style;
};

static const struct style *style_of(struct slice host)
{
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct slice name = slice_of(servers[i].host);
        if (slice_ends(name, SLICE(".")) ? slice_starts(host, name)
                                         : slice_equal_nocase(host, name))
            return servers[i].style;
    }
    return NULL;
}

/* The page of a git repository's address: without ".git" and slashes at its end. */
static struct forge_page page_of(struct arena *a, const char *address, const struct style *style)
{
    struct slice page = slice_of(address);
    struct url parts;
    if (!address || !url_parse(page, &parts) || !slice_starts(page, SLICE("https://")))
        return (struct forge_page){0};
    while (slice_ends(page, SLICE("/")))
        page.len--;
    if (slice_ends(page, SLICE(".git")))
        page.len -= strlen(".git");
    style = style ? style : style_of(parts.host);
    return (struct forge_page){style ? arena_text(a, page) : NULL, style};
}

/* The page behind an address of a forge's API: "https://HOST/api/v4/projects/GROUP%2FNAME/...". */
static struct forge_page behind(struct arena *a, const char *url, const char *api, const char *end,
                                const struct style *style)
{
    struct slice rest = slice_of(url);
    struct buf name = {0};
    size_t at = slice_find(rest, slice_of(api));
    struct forge_page on = {0};
    if (at == SLICE_NONE)
        return on;
    struct slice path = slice_from(rest, at + strlen(api));
    path = slice_first(path, slice_find(path, slice_of(end)));
    if (path.len && url_unescape(&name, path))
        on = page_of(a, arena_printf(a, "%.*s/%s", (int)at, url, buf_text(&name)), style);
    buf_free(&name);
    return on;
}

static struct forge_page page_of_preset(struct arena *a, const struct spec *spec)
{
    const char *preset = spec->preset ? spec->preset : "", *url = spec_value(spec, "url");
    const char *repository = spec_value(spec, "repository");
    if (strcmp(preset, "gitea") == 0)
        return page_of(a, repository, &github);
    if (strcmp(preset, "gitlab") == 0 || strcmp(preset, "gitlab-releases") == 0)
        return behind(a, url, "/api/v4/projects/", "/", &gitlab);
    if (strcmp(preset, "gitea-releases") == 0)
        return behind(a, url, "/api/v1/repos/", "/releases", &github);
    if (strcmp(preset, "bitbucket") != 0)
        return (struct forge_page){0};
    struct forge_page on = behind(a, url, "/2.0/repositories/", "/refs", &bitbucket);
    if (on.page)
        on.page = arena_printf(a, "https://bitbucket.org/%s",
                               on.page + strlen("https://api.bitbucket.org/"));
    return on;
}

static struct forge_page page_of_source(struct arena *a, const struct spec *spec)
{
    const char *repository = spec_value(spec, "repository");
    bool on_github = strcmp(spec->source->name, "github") == 0;
    struct forge_page on = page_of_preset(a, spec);
    if (on.page || !repository)
        return on;
    if (on_github && strncmp(repository, "https://", 8) != 0)
        repository = arena_printf(a, "https://github.com/%s", repository);
    if (on_github || strcmp(spec->source->name, "git") == 0)
        return page_of(a, repository, on_github ? &github : NULL);
    return on;
}

static void add(struct buf *out, const struct forge_page *on, const char *old, const char *new)
{
    const struct style *style = on->style;
    buf_addf(out, "%s%s", on->page, style->before);
    url_escape(out, slice_of(style->reversed ? new : old), true);
    buf_add_text(out, style->between);
    url_escape(out, slice_of(style->reversed ? old : new), true);
}

/* The tag of the pinned version, spelt as upstream spells the new one. */
static const char *old_tag(struct outcome *o)
{
    const char *tag = o->decision.candidate.raw, *version = o->decision.version;
    const char *at = tag ? strstr(tag, version) : NULL;
    if (!at || !o->component->current)
        return NULL;
    return arena_printf(&o->arena, "%.*s%s%s", (int)(at - tag), tag, o->component->current,
                        at + strlen(version));
}

/* The commits that the recipe checks out, whoever told of the release. */
static bool add_commits(struct outcome *o, struct buf *out)
{
    for (size_t i = 0; i < o->renewals.list.count; i++) {
        const struct renewal *r = &o->renewals.list.items[i];
        if (r->kind != PIN_COMMIT || !r->value || !r->old || strcmp(r->old, r->value) == 0)
            continue;
        struct forge_page on = page_of(&o->arena, r->repository, NULL);
        if (!on.page)
            continue;
        add(out, &on, r->old, r->value);
        return true;
    }
    return false;
}

bool plan_compare(struct outcome *o, struct buf *out)
{
    const char *old = old_tag(o), *new = o->decision.candidate.raw;
    struct forge_page on = page_of_source(&o->arena, &o->component->spec);
    if (!on.page || !old || strcmp(old, new) == 0)
        return add_commits(o, out);
    add(out, &on, old, new);
    return true;
}
