/* What changes on a proposal that stands: its texts, its state, its comments. */
#include "git/github_parts.h"

#include <string.h>

static const char *kind_path(const struct proposal *p)
{
    return p->kind == PROPOSAL_PULL ? "pulls" : "issues";
}

static const char *kind_name(const struct proposal *p)
{
    return p->kind == PROPOSAL_PULL ? "pull request" : "issue";
}

/* Take the next byte, CRLF read as LF. */
static char next_byte(struct slice *s)
{
    if (slice_starts(*s, SLICE("\r\n")))
        *s = slice_from(*s, 1);
    char c = s->len ? s->ptr[0] : '\0';
    *s = slice_from(*s, 1);
    return c;
}

/* The same as the web editor, which writes CRLF, or GitHub, which may take blanks off the ends,
 * would leave it. */
static bool same_text(const char *one, const char *other)
{
    struct slice a = slice_trim(slice_of(one)), b = slice_trim(slice_of(other));
    while (a.len && b.len)
        if (next_byte(&a) != next_byte(&b))
            return false;
    return a.len == b.len;
}

static bool patch(struct forge_session *s, const struct proposal *p, json_t *body, const char *what,
                  struct error *e)
{
    struct arena a = {0};
    struct reply r;
    struct call call = {
        .method = "PATCH",
        .path = github_path(s, &a, "/%s/%llu", kind_path(p), p->number),
        .body = body,
        .harmless = true,
    };
    bool good = github_do(s, &a, &call,
                          arena_printf(&a, "%s %s %llu", what, kind_name(p), p->number), &r, e);
    arena_free(&a);
    return good;
}

static bool update_texts(struct forge_session *s, const struct proposal *p,
                         const struct proposal_text *text, struct error *e)
{
    json_t *body = json_object();
    if (text->title && !same_text(text->title, p->title))
        json_object_set_new(body, "title", github_string(text->title));
    if (text->body && !same_text(text->body, p->body))
        json_object_set_new(body, "body", github_string(text->body));
    if (p->kind == PROPOSAL_PULL && text->base && p->base && strcmp(text->base, p->base) != 0)
        json_object_set_new(body, "base", github_string(text->base));
    if (json_object_size(body))
        return patch(s, p, body, "update", e);
    json_decref(body);
    return true;
}

bool github_update(struct forge_session *s, const struct proposal *p,
                   const struct proposal_text *text, struct error *e)
{
    struct arena a = {0};
    struct texts labels;
    bool good = github_identify(s, e) && github_make_labels(s, &a, &text->labels, &labels, e) &&
                update_texts(s, p, text, e) && github_complete(s, p, text, &labels, false, e);
    arena_free(&a);
    return good;
}

/* A comment that is looked for: one that has the part, or one that is the whole. */
struct sought {
    const char *part, *whole;
    bool found;
};

static bool take_comment(void *arg, const json_t *item, struct error *e)
{
    struct sought *sought = arg;
    const char *body = json_string_at(item, "body");
    (void)e;
    if (body && sought->part)
        sought->found = strstr(body, sought->part) != NULL;
    else if (body)
        sought->found = same_text(body, sought->whole);
    return !sought->found;
}

static bool look_for(struct forge_session *s, const struct proposal *p, struct sought *sought,
                     struct error *e)
{
    struct arena a = {0};
    bool good = github_identify(s, e);
    if (good) {
        const char *path = github_path(s, &a, "/issues/%llu/comments?per_page=100", p->number);
        good = github_pages(s, path, "list comments", take_comment, sought, e);
    }
    arena_free(&a);
    return good;
}

bool github_commented(struct forge_session *s, const struct proposal *p, const char *part,
                      bool *found, struct error *e)
{
    struct sought sought = {.part = part};
    bool good = look_for(s, p, &sought, e);
    *found = sought.found;
    return good;
}

bool github_comment(struct forge_session *s, const struct proposal *p, const char *body,
                    struct error *e)
{
    struct arena a = {0};
    struct reply r;
    struct sought sought = {.whole = body};
    bool good = look_for(s, p, &sought, e);
    if (good && !sought.found) {
        struct call call = {
            .method = "POST",
            .path = github_path(s, &a, "/issues/%llu/comments", p->number),
            .body = json_pack("{s:o}", "body", github_string(body)),
        };
        const char *what = arena_printf(&a, "comment on %s %llu", kind_name(p), p->number);
        good = github_do(s, &a, &call, what, &r, e);
    }
    arena_free(&a);
    return good;
}

bool github_close(struct forge_session *s, const struct proposal *p, const char *comment, bool done,
                  struct error *e)
{
    if (!github_identify(s, e) || (comment && !github_comment(s, p, comment, e)))
        return false;
    if (p->state != PROPOSAL_OPEN)
        return true;
    json_t *body = json_pack("{s:s}", "state", "closed");
    if (p->kind == PROPOSAL_ISSUE)
        json_object_set_new(body, "state_reason", json_string(done ? "completed" : "not_planned"));
    return patch(s, p, body, "close", e);
}

bool github_reopen(struct forge_session *s, const struct proposal *p, struct error *e)
{
    if (!github_identify(s, e))
        return false;
    if (p->state == PROPOSAL_OPEN)
        return true;
    json_t *body = json_pack("{s:s}", "state", "open");
    if (p->kind == PROPOSAL_ISSUE)
        json_object_set_new(body, "state_reason", json_string("reopened"));
    return patch(s, p, body, "reopen", e);
}
