/* The first line is a path, the rest a document. Neither may crash, and what a path finds must be
 * values of the document (texts when it asks for keys). */
#include "watcher/base/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    bool keys;
    size_t count;
};

static bool look(void *arg, const json_t *value, const char *key)
{
    struct seen *seen = arg;
    if (!value || (seen->keys && !json_is_string(value)) || (seen->keys && !key))
        abort();
    return ++seen->count < 100000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct error e = {0};
    struct slice rest = slice_new((const char *)data, size), expression;
    if (!slice_split(&rest, '\n', &expression))
        return 0;
    struct seen seen = {.keys = slice_ends(slice_trim(expression), SLICE("~"))};
    const struct json_path *path = json_path_compile(&a, expression, &e);
    if (!path != error_is_set(&e))
        abort();
    error_clear(&e);
    json_t *document = path ? json_parse(&a, rest, &e) : NULL;
    if (document) {
        json_path_each(path, document, look, &seen);
        if (!seen.keys && (json_path_first(path, document) != NULL) != (seen.count > 0))
            abort();
    }
    arena_free(&a);
    return 0;
}
