/* Texts with placeholders: file names of tags, labels, links, pull-request and issue texts.
 *
 *   {name}                 the value, as it is: nothing in it is ever expanded again
 *   {#name}...{/name}      shown when the value is not empty; may be nested
 *   {^name}...{/name}      shown when it is empty or not known
 *   {{                     one literal brace; a closing brace needs no doubling
 *   ${{...}}               passed through untouched: melange and workflows write so
 *
 * A section's tag that stands alone on its line takes the line with it, as Mustache has it. */
#ifndef MWATCH_BASE_TEMPLATE_H
#define MWATCH_BASE_TEMPLATE_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/error.h"

struct template_text; /* a compiled text */

struct template_value {
    const char *name;  /* letters, digits, "_", "-", "."; a letter first */
    const char *value; /* NULL = not known: {name} fails, {^name} is shown */
};

/* Compile; everything is copied into the arena. `names` (NULL-ended) are the placeholders that may
 * stand in the text. Fails with ERROR_USAGE for any other (the nearest is named, else all), a brace
 * that starts none, and sections that are not closed, closed in the wrong order or nested deeper
 * than
 * 16. *offset (may be NULL) then gets the byte of the text where the fault begins. */
const struct template_text *template_compile(struct arena *a, struct slice text,
                                             const char *const *names, size_t *offset,
                                             struct error *e);

/* Add the text with the values put in. Fails with ERROR_RECIPE naming the placeholder when one that
 * is shown has no value, and when out->max is reached; *out then holds a part of the text. */
bool template_render(const struct template_text *t, const struct template_value *values,
                     size_t count, struct buf *out, struct error *e);

/* Compile and render in one go, with the names of the values as the known ones. */
bool template_expand(struct slice text, const struct template_value *values, size_t count,
                     struct buf *out, struct error *e);

/* Does the placeholder or a section of that name stand in the text? */
bool template_uses(const struct template_text *t, const char *name);

#endif
