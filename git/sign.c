/* Signatures by the user's own program, called as git calls it (gpg-interface.c). */
#include "git/repository_parts.h"

#include "git/program.h"
#include "watcher/base/file.h"

#include <string.h>

/* Long enough to type a passphrase, short enough for a nightly run. */
enum { SIGN_MS = 60000, SIGNATURE_MAX = 64 << 10, ARGUMENTS = 10 };

static const char *either(const char *a, const char *b)
{
    return a ? a : b;
}

static const char *signing_key(struct repository *r)
{
    return either(r->options.signing_key, r->options.signing == SIGN_SSH
                                              ? config_path(r, "user.signingkey")
                                              : config_text(r, "user.signingkey"));
}

/* "key::ssh-ed25519 AAAA", or as older git took it without the mark: the agent has the other half.
 */
static bool public_key(const char *key, struct slice *text)
{
    *text = slice_of(key);
    if (slice_starts(*text, SLICE("key::")))
        *text = slice_from(*text, strlen("key::"));
    else if (!slice_starts(*text, SLICE("ssh-")) && !slice_starts(*text, SLICE("ecdsa-")) &&
             !slice_starts(*text, SLICE("sk-")))
        return false;
    return slice_find_byte(*text, ' ') != SLICE_NONE;
}

static bool write_key(struct repository *r, struct slice text, const char **file, struct error *e)
{
    struct buf line = {0};
    *file = arena_printf(&r->arena, "%s/signing-key.pub", r->folder);
    buf_add(&line, text);
    buf_add_byte(&line, '\n');
    bool good = file_replace(*file, buf_slice(&line), e);
    buf_free(&line);
    return good;
}

static bool ssh_arguments(struct repository *r, const char **out, struct error *e)
{
    struct slice text;
    const char *key = signing_key(r);
    if (!key)
        return error_set(e, ERROR_USAGE,
                         "commits are to be signed, and git's user.signingKey names "
                         "no key");
    bool agent = public_key(key, &text);
    if (agent && !write_key(r, text, &key, e))
        return false;
    const char *program = either(r->options.signing_program, config_path(r, "gpg.ssh.program"));
    const char *arguments[ARGUMENTS] = {
        either(program, "ssh-keygen"), "-Y", "sign", "-n", "git", "-f", key, agent ? "-U" : NULL};
    memcpy(out, arguments, sizeof arguments);
    return true;
}

static void openpgp_arguments(struct repository *r, const char **out)
{
    const char *program =
        either(config_path(r, "gpg.openpgp.program"), config_path(r, "gpg.program"));
    const char *key = signing_key(r);
    if (!key)
        key = arena_printf(&r->arena, "%s <%s>", r->committer->name, r->committer->email);
    const char *arguments[ARGUMENTS] = {either(r->options.signing_program, either(program, "gpg")),
                                        "-bsau", key};
    memcpy(out, arguments, sizeof arguments);
}

/* In a commit's header each line is indented, so a line break at the end would be one too many. */
static void tidy(struct slice text, struct buf *out)
{
    text = slice_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r')
            buf_add_byte(out, text.ptr[i]);
}

bool commit_sign(struct repository *r, struct slice commit, struct buf *signature, struct error *e)
{
    const char *arguments[ARGUMENTS] = {NULL};
    bool ssh = r->options.signing == SIGN_SSH;
    struct slice mark =
        ssh ? SLICE("-----BEGIN SSH SIGNATURE-----") : SLICE("-----BEGIN PGP SIGNATURE-----");
    struct buf answer = BUF_MAX(SIGNATURE_MAX);
    bool good = true;
    if (ssh)
        good = ssh_arguments(r, arguments, e);
    else
        openpgp_arguments(r, arguments);
    good = good && program_answer(r->ctx, arguments, SIGN_MS, commit, &answer, e);
    if (good && !slice_starts(slice_trim(buf_slice(&answer)), mark))
        good = error_set(e, ERROR_REFUSED, "%s did not answer with a signature", arguments[0]);
    if (good)
        tidy(buf_slice(&answer), signature);
    else
        error_context(e, "cannot sign the commit");
    buf_free(&answer);
    return good;
}
