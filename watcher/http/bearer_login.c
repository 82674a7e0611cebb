/* Who asks a registry, where that may be told, and what is said of a refusal. */
#include "watcher/http/bearer_parts.h"
#include "watcher/http/mirror.h"

#include <string.h>

static bool is_this_machine(const struct origin *o)
{
    return slice_starts(slice_of(o->host), SLICE("127.")) || strcmp(o->host, "localhost") == 0 ||
           strcmp(o->host, "[::1]") == 0;
}

/* A mirror of the configuration would have it sent elsewhere by whoever may change a file. */
static bool may_get_login(const struct http *h, const char *url)
{
    const struct http_options *o = &h->options;
    struct arena a = {0};
    struct origin there, meant;
    const char *own = mirror_apply(o->mirrors, o->own_mirrors, &a, url);
    const char *sent = mirror_apply(o->mirrors, o->mirror_count, &a, url);
    bool may = origin_of(sent, &there) && origin_of(own, &meant) && origin_equal(&there, &meant) &&
               (strcmp(there.scheme, "https") == 0 || own != url || is_this_machine(&there));
    arena_free(&a);
    return may;
}

static bool is_at_https(const char *url, const char *host)
{
    struct origin o;
    return origin_of(url, &o) && strcmp(o.scheme, "https") == 0 && strcmp(o.name, host) == 0;
}

static bool has_login(const struct bearer *b)
{
    return !b->anonymous && (b->login.basic || b->login.identity);
}

bool bearer_may_show(const struct bearer *b, const char *url)
{
    return has_login(b) && b->login.basic &&
           (!b->login.server || is_at_https(url, b->login.server));
}

bool bearer_may_buy(const struct http *h, const struct bearer *b)
{
    const char *realm = b->challenge.realm;
    return has_login(b) && may_get_login(h, realm) &&
           (!b->login.server || is_at_https(realm, b->login.server));
}

static void keep_back(struct http *h, struct bearer *b, const struct login *found)
{
    b->login.shown = NULL;
    b->login.advice = arena_printf(&h->arena,
                                   "%s is kept back where a mirror of the configuration or http "
                                   "leads",
                                   found->shown);
}

void bearer_look_up(struct http *h, struct bearer *b, const char *url)
{
    struct login found = {.advice = ""};
    if (b->known)
        return;
    b->known = true;
    if (h->options.login)
        h->options.login(h->options.login_arg, url, &found);
    b->login = found;
    b->login.basic = b->login.identity = NULL;
    b->login.shown = arena_copy(&h->arena, found.shown);
    b->login.advice = arena_copy(&h->arena, found.advice);
    b->login.server = arena_copy(&h->arena, found.server);
    if (found.shown && !may_get_login(h, url)) {
        keep_back(h, b, &found);
        return;
    }
    b->login.basic = arena_copy(&h->arena, found.basic);
    b->login.identity = arena_copy(&h->arena, found.identity);
    record_hide(h->recorder, found.basic);
    record_hide(h->recorder, found.identity);
    if (found.shown)
        log_debug(h->ctx, "%s: there is %s", b->name, found.shown);
}

void bearer_refuse(struct error *e, const struct bearer *b, const char *server, int status)
{
    const char *colon = *b->login.advice ? ": " : "";
    if (!b->shown && b->login.shown)
        error_set(e, ERROR_REFUSED, "%s answered %d, and %s is not what it asks for", server,
                  status, b->login.shown);
    else if (!b->shown)
        error_set(e, ERROR_REFUSED,
                  "%s answered %d: is there such an image, and may everybody read it?%s%s", server,
                  status, *colon ? " " : "", b->login.advice);
    else if (b->anonymous)
        error_set(e, ERROR_REFUSED, "%s answered %d to %s, and %d to who is not logged in%s%s",
                  server, b->refused, b->login.shown, status, colon, b->login.advice);
    else
        error_set(e, ERROR_REFUSED, "%s answered %d to %s%s%s", server, status, b->login.shown,
                  colon, b->login.advice);
}
