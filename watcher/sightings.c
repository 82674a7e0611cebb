#include "watcher/sightings.h"

#include "watcher/base/timestamp.h"

static const char *key_of(struct arena *a, const struct component *c, const char *tag)
{
    /* The prefix only narrows the question; the release is the same. */
    struct spec spec = c->spec;
    spec.prefix = NULL;
    return arena_printf(a, "%s tag=%s", spec_identity(a, &spec), tag);
}

bool sightings_get(struct http *h, struct arena *a, const struct component *c, const char *tag,
                   struct sighting *out)
{
    *out = (struct sighting){0};
    return c->spec.source && http_sighting_get(h, a, key_of(a, c, tag), out);
}

void sightings_note(struct http *h, const struct component *c, const char *tag,
                    const struct sighting *s)
{
    struct arena a = {0};
    if (c->spec.source)
        http_sighting_put(h, key_of(&a, c, tag), s);
    arena_free(&a);
}

void sightings_forget(struct http *h, const struct component *c, const char *tag)
{
    struct arena a = {0};
    if (c->spec.source)
        http_sighting_drop(h, key_of(&a, c, tag));
    arena_free(&a);
}

const char *sightings_day(struct arena *a, const struct sighting *s)
{
    struct buf out = {0};
    timestamp_add_date(&out, s->seen);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

const char *sightings_moved(struct arena *a, const struct sighting *s, const char *tag,
                            const char *commit)
{
    return arena_printf(a, "tag %s was commit %s when it was first seen (%s), and is %s now", tag,
                        s->commit, sightings_day(a, s), commit);
}
