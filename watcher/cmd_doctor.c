/* Everything a run would read, looked at without asking anybody but the forge, and that only when
 * there is a token. */
#include "watcher/login_survey.h"
#include "watcher/preflight.h"
#include "watcher/session.h"
#include "watcher/shared_lines.h"

#include "watcher/base/text.h"

#include <string.h>

struct doctor {
    struct context *ctx;
    struct session *session;
    bool bad;
};

static void say(struct doctor *d, enum finding kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct doctor *d, enum finding kind, const char *format, ...)
{
    static const char *const marks[] = {"ok", "note", "warning", "error"};
    static const char *const colors[] = {"32", "36", "33", "1;31"};
    struct buf text = {0}, wrapped = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    report_add_wrapped(&wrapped, buf_slice(&text), 10, 80);
    if (d->ctx->color)
        printf("\033[%sm%-8s\033[0m", colors[kind], marks[kind]);
    else
        printf("%-8s", marks[kind]);
    printf("  %s", buf_text(&wrapped) + 10);
    d->bad = d->bad || kind == FINDING_BAD;
    buf_free(&text);
    buf_free(&wrapped);
}

static void look_at_config(struct doctor *d)
{
    const struct config *config = &d->session->config;
    if (config->file)
        say(d, FINDING_GOOD, "configuration %s: %zu recipes named", config->file,
            config->recipes.count);
    else
        say(d, FINDING_GOOD,
            "no mwatch.yaml: update: blocks and defaults apply (mwatch init writes one)");
}

static void look_at_recipes(struct doctor *d)
{
    const struct discovery *found = &d->session->found;
    size_t watched = 0, disabled = 0;
    for (size_t i = 0; i < found->components.count; i++) {
        const struct component *c = found->components.items[i];
        if (error_is_set(&c->error))
            say(d, FINDING_BAD, "%s: %s", c->recipe, c->error.message);
        else if (c->disabled)
            disabled++;
        else
            watched++;
        for (size_t k = 0; k < c->warnings.count; k++)
            say(d, FINDING_WARNING, "%s: %s", c->recipe, c->warnings.items[k]);
    }
    if (found->components.count == 0)
        say(d, FINDING_BAD, "no recipe below %s: is -C right?", d->session->root);
    else
        say(d, FINDING_GOOD, "%zu components in %zu files: %zu watched, %zu disabled",
            found->components.count, found->files, watched, disabled);
}

static void tell_shared(void *arg, const char *file, const struct component *const *who,
                        size_t count)
{
    enum { SHOWN = 6 };
    struct buf names = {0};
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        buf_add_text(&names, i ? ", " : "");
        component_add_title(&names, who[i]);
    }
    if (count > SHOWN)
        buf_addf(&names, " and %zu more", count - SHOWN);
    say(arg, FINDING_WARNING,
        "%s: %s change neighbouring lines: of their pull requests, each that is merged makes the "
        "others conflict until the next run; a `group:` of theirs makes one of them",
        file, buf_text(&names));
    buf_free(&names);
}

/* Does a component ask GitHub for `use`? */
static bool asks_github(const struct component *c, const char *use)
{
    const char *given = c->spec.source ? spec_value(&c->spec, "use") : NULL;
    return given && strcmp(c->spec.source->name, "github") == 0 && strcmp(given, use) == 0;
}

static size_t count_asking(const struct doctor *d, const char *use)
{
    const struct components *all = &d->session->found.components;
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        count += asks_github(all->items[i], use);
    return count;
}

/* GitHub's API answers 60 requests an hour without a token. */
static void look_at_quota(struct doctor *d, size_t need)
{
    if (need)
        say(d, need > 60 ? FINDING_BAD : FINDING_WARNING,
            "no GITHUB_TOKEN: %zu components ask GitHub's API, which answers 60 requests an hour "
            "without one",
            need);
}

static void look_at_token(struct doctor *d)
{
    size_t releases = count_asking(d, "releases"), tags = count_asking(d, "tags-api");
    if (tokens_given(d->session->tokens)) {
        say(d, FINDING_GOOD, "GitHub is asked with %s", tokens_name(d->session->tokens));
        return;
    }
    look_at_quota(d, tags);
    if (releases)
        say(d, FINDING_WARNING,
            "no GITHUB_TOKEN: the releases of %zu components are read from GitHub's feeds: only "
            "the newest 10 are seen, older ones as tags, and pre-releases are told by their names "
            "only",
            releases);
    if (!releases && !tags)
        say(d, FINDING_GOOD, "no component asks GitHub's API: no token is needed");
}

static void look_at_registries(struct doctor *d)
{
    struct session *s = d->session;
    const char *text = login_survey(&s->arena, s->logins, &s->config, &s->found.components);
    if (text)
        say(d, FINDING_GOOD, "%s", text);
}

static void tell(void *arg, enum finding kind, const char *text)
{
    say(arg, kind, "%s", text);
}

/* A folder that is no clone can be checked, but nothing is proposed from it. */
static void look_at_forge(struct doctor *d)
{
    struct session *s = d->session;
    struct error e = {0};
    if (!tokens_given(s->tokens))
        return;
    if (s->options->replay) {
        say(d, FINDING_NOTE, "--replay: what GitHub says of the token is not asked");
        return;
    }
    struct proposer *p = session_forge(s, &e);
    if (p)
        preflight_run(p, &s->config, &s->found.components, tell, d);
    else
        say(d, FINDING_WARNING, "nothing can be proposed from here: %s", e.message);
    propose_close(p);
}

int cmd_doctor(struct context *ctx, struct options *options)
{
    struct session s = {0};
    struct error e = {0};
    struct doctor d = {.ctx = ctx, .session = &s};

    if (!session_open(&s, ctx, options, &e)) {
        say(&d, FINDING_BAD, "%s", e.message);
        session_close(&s);
        return e.code == ERROR_USAGE ? EXIT_USAGE : EXIT_SOME_FAILED;
    }
    look_at_config(&d);
    look_at_recipes(&d);
    shared_lines(s.root, &s.found.components, tell_shared, &d);
    if (session_connect(&s, &e)) {
        look_at_token(&d);
        look_at_registries(&d);
        look_at_forge(&d);
    } else {
        say(&d, FINDING_BAD, "%s", e.message);
    }
    session_close(&s);
    return d.bad ? EXIT_SOME_FAILED : EXIT_WELL;
}
