/* Signatures by keys that the configuration names: minisign's are verified here, OpenPGP's by the
 * user's gpgv, which gets the artefact's bytes through a pipe. Nothing of an artefact is stored. */
#include "git/program.h"
#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/base/minisign.h"
#include "watcher/prove_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LARGEST_SIGNATURE = 64 * 1024,
    LARGEST_KEYRING = 4 * 1024 * 1024,
    PATIENCE = 60 * 1000, /* ms for gpgv to take a piece, or to end */
};

struct signing {
    struct task *t; /* whose it was first */
    const char *id;
    const struct signature_rule *rule;
    struct slice signature;
    struct sink sink;
    bool begun, ended;
    struct minisign *minisign;
    struct program gpgv;
    bool running;
    char *files[2]; /* that gpgv reads: the signature, and the keys where they were armored */
    struct error error;
};

static bool is_wanted(const struct signature_rule *rule)
{
    return rule && (rule->minisign || rule->gpg);
}

const char *sign_key_name(struct task *t, const struct signature_rule *rule)
{
    return rule->minisign ? arena_printf(&t->o->arena, "minisign key %s", rule->minisign)
                          : arena_printf(&t->o->arena, "a key of %s", rule->gpg);
}

/* ---- what gpgv is given ---- */

/* A file only for us, gone with the verification. */
static char *write_file(struct slice bytes, struct error *e)
{
    const char *folder = getenv("TMPDIR");
    struct buf path = {0};
    buf_addf(&path, "%s/mwatch-XXXXXX", folder && *folder == '/' ? folder : "/tmp");
    char *name = path.ptr;
    int file = mkstemp(name);
    bool good = file >= 0;
    for (size_t done = 0; good && done < bytes.len;) {
        ssize_t put = write(file, bytes.ptr + done, bytes.len - done);
        good = put > 0 || (put < 0 && errno == EINTR);
        done += put > 0 ? (size_t)put : 0;
    }
    if (!good)
        error_errno(e, ERROR_SYSTEM, "cannot write %s", name);
    if (file >= 0)
        close(file);
    return name;
}

static void remove_file(char **name)
{
    if (*name)
        unlink(*name);
    free(*name);
    *name = NULL;
}

/* RFC 9580, 6.2: the lines between the empty one and the checksum. */
static bool add_block(struct slice *rest, struct buf *out)
{
    struct slice line;
    struct buf text = {0};
    while (slice_line(rest, &line) && slice_trim(line).len)
        continue;
    while (slice_line(rest, &line) && !slice_starts(line, SLICE("=")) &&
           !slice_starts(line, SLICE("-----END")))
        buf_add(&text, slice_trim(line));
    bool good = base64_decode(buf_slice(&text), out);
    buf_free(&text);
    return good;
}

/* gpgv wants keys as gpg keeps them; people publish them in armor, several blocks in a file. */
static bool dearmor(struct slice text, struct buf *out)
{
    struct slice line;
    bool good = true;
    while (good && slice_line(&text, &line))
        if (slice_starts(line, SLICE("-----BEGIN PGP PUBLIC KEY BLOCK-----")))
            good = add_block(&text, out);
    return good;
}

/* The keyring's path, for gpgv: with a slash, or it would be looked for in the user's home. */
static const char *keyring(struct task *t, const struct signature_rule *rule, char **made,
                           struct error *e)
{
    struct buf keys = BUF_MAX(LARGEST_KEYRING), plain = {0};
    const char *path = arena_printf(&t->o->arena, "%s/%s", t->prover->root, rule->gpg);
    bool good = file_read(path, &keys, e);
    if (good && slice_find(buf_slice(&keys), SLICE("-----BEGIN PGP PUBLIC")) != SLICE_NONE) {
        good = dearmor(buf_slice(&keys), &plain) ||
               error_set(e, ERROR_RECIPE, "%s: its armor is broken", rule->gpg);
        path = good ? *made = write_file(buf_slice(&plain), e) : NULL;
    }
    buf_free(&keys);
    buf_free(&plain);
    return error_is_set(e) ? NULL : path;
}

/* gpgv's last line, without its name. */
static struct slice last_words(struct slice said)
{
    struct slice line, last = SLICE("nothing");
    while (slice_line(&said, &line)) {
        size_t at = slice_find(line, SLICE("gpgv: "));
        while (at != SLICE_NONE) {
            line = slice_from(line, at + strlen("gpgv: "));
            at = slice_find(line, SLICE("gpgv: "));
        }
        last = slice_trim(line).len ? slice_trim(line) : last;
    }
    return last;
}

static void say_why(struct slice said, struct error *e)
{
    error_set(e, ERROR_REFUSED, "gpgv says: %.*s", SLICE_ARG(last_words(said)));
}

/* ---- texts in memory ---- */

static bool check_minisign(const struct signature_rule *rule, struct slice text,
                           struct slice signature, struct error *e)
{
    struct minisign *m = minisign_begin(slice_of(rule->minisign), signature, e);
    if (!m)
        return false;
    minisign_add(m, text);
    return minisign_end(m, e);
}

static bool run_gpgv(struct task *t, const char *const *arguments, struct slice text,
                     struct buf *said, struct error *e)
{
    struct error why = {0};
    if (program_answer(t->prover->ctx, arguments, PATIENCE, text, said, &why))
        return true;
    if (why.code == ERROR_REFUSED)
        say_why(slice_of(why.message), e);
    else
        error_set(e, why.code, "%s", why.message);
    return false;
}

static bool check_gpg(struct task *t, const struct signature_rule *rule, struct slice text,
                      struct slice signature, struct slice *what, struct error *e)
{
    char *files[2] = {NULL, NULL};
    struct buf said = {0};
    const char *keys = keyring(t, rule, &files[1], e);
    if (keys && signature.len)
        files[0] = write_file(signature, e);
    const char *detached[] = {"gpgv", "--keyring", keys, files[0], "-", NULL};
    const char *clear[] = {"gpgv", "--keyring", keys, "--output", "-", NULL};
    if (!error_is_set(e) && run_gpgv(t, signature.len ? detached : clear, text, &said, e))
        *what = signature.len ? text : arena_slice(&t->o->arena, buf_slice(&said));
    buf_free(&said);
    remove_file(&files[0]);
    remove_file(&files[1]);
    return !error_is_set(e);
}

bool sign_check(struct task *t, const struct signature_rule *rule, struct slice text,
                struct slice signature, struct slice *what, struct error *e)
{
    *what = text;
    return rule->minisign ? check_minisign(rule, text, signature, e)
                          : check_gpg(t, rule, text, signature, what, e);
}

/* ---- artefacts ---- */

static void stop_gpgv(struct signing *s, struct error *e)
{
    if (!s->running)
        return;
    s->running = false;
    if (program_end(&s->gpgv) != 0)
        say_why(buf_slice(&s->gpgv.said), e);
    buf_free(&s->gpgv.said);
}

static void start_gpgv(struct signing *s)
{
    remove_file(&s->files[0]);
    remove_file(&s->files[1]);
    const char *keys = keyring(s->t, s->rule, &s->files[1], &s->error);
    if (keys)
        s->files[0] = write_file(s->signature, &s->error);
    const char *arguments[] = {"gpgv", "--keyring", keys, s->files[0], "-", NULL};
    if (error_is_set(&s->error))
        return;
    s->running = program_start(&s->gpgv, s->t->prover->ctx, arguments, PATIENCE, &s->error);
    if (!s->running)
        program_end(&s->gpgv);
}

static void begin(void *arg)
{
    struct signing *s = arg;
    struct error ignored = {0};
    error_clear(&s->error);
    s->begun = true;
    s->ended = false;
    if (s->rule->gpg) {
        stop_gpgv(s, &ignored);
        start_gpgv(s);
    } else if (s->minisign) {
        minisign_restart(s->minisign);
    } else {
        s->minisign = minisign_begin(slice_of(s->rule->minisign), s->signature, &s->error);
    }
}

/* A gpgv that has seen enough reads no further; what it ends with tells. */
static void add(void *arg, struct slice bytes)
{
    struct signing *s = arg;
    if (s->minisign)
        minisign_add(s->minisign, bytes);
    else if (s->running)
        program_write(&s->gpgv, bytes);
}

void sign_end(struct task *t)
{
    struct signing *s = t->signing;
    if (!s || s->ended || !s->begun)
        return;
    s->ended = true;
    stop_gpgv(s, &s->error);
    if (s->minisign)
        minisign_end(s->minisign, &s->error);
    s->minisign = NULL;
}

bool sign_verdict(struct task *t, const char **doubt, struct error *e)
{
    struct signing *s = t->signing;
    if (!s)
        return true;
    if (!s->begun) {
        *doubt = arena_printf(&t->o->arena,
                              "the signature of %s is not verified: a recording has no bytes",
                              prove_public(t, t->url));
        return true;
    }
    if (!error_is_set(&s->error)) {
        vec_push(&t->o->arena, &t->vouchers,
                 arena_printf(&t->o->arena, "a signature by %s", sign_key_name(t, s->rule)));
        return true;
    }
    error_set(e, s->error.code, "artefact %s is not signed by %s: %s: never pinned",
              prove_public(t, t->url), sign_key_name(t, s->rule), s->error.message);
    return false;
}

const struct sink *sign_sink(const struct task *t)
{
    return t->signing ? &t->signing->sink : NULL;
}

/* ---- fetching signatures ---- */

struct waiting {
    struct task *t;
    void (*go)(struct task *t, const struct error *e);
};

/* Two hashes of one artefact share one verification of it. */
static struct signing *signing_for(struct task *t, struct slice signature)
{
    struct prover *p = t->prover;
    const struct signature_rule *rule = t->renewal->signature;
    const char *id = arena_printf(&p->arena, "%s %s", t->signature_url, sign_key_name(t, rule));
    for (size_t i = 0; i < p->signings.count; i++)
        if (strcmp(p->signings.items[i]->id, id) == 0)
            return p->signings.items[i];
    struct signing *s = arena_new(&p->arena, struct signing);
    *s = (struct signing){.t = t, .id = id, .rule = rule};
    s->signature = arena_slice(&p->arena, signature);
    s->sink = (struct sink){.id = id, .begin = begin, .add = add, .arg = s};
    vec_push(&p->arena, &p->signings, s);
    return s;
}

static void signature_done(void *arg, const struct response *response,
                           const struct artefact_result *artefact, const struct error *e)
{
    struct waiting *w = arg;
    struct error why = {0};
    (void)artefact;
    if (error_is_set(e))
        error_set(&why, e->code, "%s", e->message);
    else if (response->status < 200 || response->status > 299)
        error_set(&why, ERROR_UPSTREAM, "status %d", response->status);
    else
        w->t->signing = signing_for(w->t, response->body);
    if (error_is_set(&why))
        error_context(&why, "no signature %s", prove_public(w->t, w->t->signature_url));
    w->go(w->t, &why);
}

void sign_fetch(struct task *t, void (*go)(struct task *t, const struct error *e))
{
    const struct signature_rule *rule = t->renewal->signature;
    const char *url = t->renewal->urls[t->tried];
    struct error e = {0};
    t->signing = NULL;
    if (!is_wanted(rule)) {
        go(t, &e);
        return;
    }
    const char *custom = rule->minisign ? "{url}.minisig" : "{url}.asc";
    if (!prove_expand(t, rule->url ? rule->url : custom, url, &t->signature_url, &e)) {
        go(t, &e);
        return;
    }
    struct waiting *w = arena_new(&t->prover->arena, struct waiting);
    *w = (struct waiting){t, go};
    struct request request = {.url = t->signature_url, .limit = LARGEST_SIGNATURE};
    http_submit(t->prover->http, &request, signature_done, w);
}

void signings_free(struct prover *p)
{
    for (size_t i = 0; i < p->signings.count; i++) {
        struct signing *s = p->signings.items[i];
        struct error ignored = {0};
        stop_gpgv(s, &ignored);
        if (s->minisign)
            minisign_end(s->minisign, &ignored);
        remove_file(&s->files[0]);
        remove_file(&s->files[1]);
    }
}
