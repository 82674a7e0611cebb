#include "watcher/token.h"

#include "watcher/base/file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { LONGEST_TOKEN = 4096 };

static bool usable(struct slice token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.ptr[i] <= ' ' || token.ptr[i] > '~')
            return false;
    return token.len > 0;
}

/* A volatile pointer: the compiler may not leave the writes out. */
static void wipe(volatile char *bytes, size_t len)
{
    while (len--)
        *bytes++ = 0;
}

void token_wipe(const char *token)
{
    if (token)
        wipe((volatile char *)(uintptr_t)token, strlen(token));
}

/* A process that knows a secret leaves no core file; curl holds copies of its own. */
static void forbid_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

static bool take(struct arena *a, struct slice text, const char *from, const char **token,
                 struct error *e)
{
    if (!usable(text))
        return error_set(
            e, ERROR_USAGE,
            "%s: not a token: one line of visible characters without blanks is expected", from);
    forbid_core();
    *token = arena_printf(a, "Bearer %.*s", SLICE_ARG(text));
    return true;
}

bool token_read(struct arena *a, const char *file, const char **token, struct error *e)
{
    const char *variable = getenv("GITHUB_TOKEN");
    *token = NULL;
    if (!file)
        return !variable || !*variable || take(a, slice_of(variable), "GITHUB_TOKEN", token, e);
    struct buf text = BUF_MAX(LONGEST_TOKEN);
    bool good = file_read(file, &text, e);
    if (good)
        good = take(a, slice_trim(buf_slice(&text)), file, token, e);
    else
        e->code = ERROR_USAGE;
    if (text.ptr)
        wipe(text.ptr, text.len);
    buf_free(&text);
    return good;
}
