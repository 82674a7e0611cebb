/* One exchange as recordings hold it: a JSON object that people can read and edit.
 *   {"request": {"method", "url", "body"},
 *    "response": {"status", "final-url", "headers": {...}, "body": ["line", ...]}}
 * `url` is the public form, before mirrors. `final-url` is there after a redirect. A body that is
 * no text is {"base64": "..."} in place of "body". A hashed one is
 *   "artefact": {"size", "sha256", "sha512", "kind", "intact", "reason", "final-url"}.
 * In place of the response an error stands as {"error": "...", "code": "network" | "refused"}. */
#ifndef MWATCH_HTTP_EXCHANGE_H
#define MWATCH_HTTP_EXCHANGE_H

#include "watcher/base/json.h"
#include "watcher/http/answer.h"

/* Text that must not be written, replaced by "***" wherever it stands; NULL-ended, or NULL. */
typedef const char *const *secrets;

/* Add the object, pretty-printed, and a line break. */
void exchange_write(const struct request *request, const struct answer *answer, secrets hidden,
                    struct buf *out);

/* The key of a recorded request; false with ERROR_USAGE when the object is no exchange. */
bool exchange_key(const json_t *object, char key[ANSWER_KEY], struct error *e);

/* The key that a request is looked up by. */
void exchange_key_of(const struct request *request, char key[ANSWER_KEY]);

/* The recorded answer, in the arena. ERROR_USAGE when it is not well-formed. */
bool exchange_read(const json_t *object, struct arena *a, struct answer *out, struct error *e);

#endif
