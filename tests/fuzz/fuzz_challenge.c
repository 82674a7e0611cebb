/* Fuzzes what registries and their token servers say. */
#include "watcher/http/challenge.h"

#include "watcher/base/url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct error e = {0};
    struct url parts;
    struct slice text = slice_new((const char *)data, size);
    struct header headers[] = {{"www-authenticate", arena_text(&a, text)}};
    struct response asked = {.status = 401, .headers = headers, .header_count = 1};
    struct response given = {.status = 200, .body = text};
    struct challenge challenge;
    int64_t seconds;
    challenge_read(&asked, &a, &challenge);
    const char *address = challenge_address(&challenge, &a);
    if (address && (!url_parse(slice_of(address), &parts) || parts.user.len))
        abort();
    if (slice_find_byte(challenge_form(&challenge, "a&b=c d", &a), ' ') != SLICE_NONE)
        abort();
    if ((challenge_token(&given, &a, &seconds, &e) == NULL) != error_is_set(&e))
        abort();
    if (seconds < 60)
        abort();
    arena_free(&a);
    return 0;
}
