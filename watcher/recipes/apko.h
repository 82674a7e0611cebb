/* apko images: a list of package names, some of which carry an upstream's version. */
#ifndef MWATCH_RECIPES_APKO_H
#define MWATCH_RECIPES_APKO_H

#include "watcher/recipes/component.h"
#include "watcher/yaml/yaml.h"

/* Does this look like an apko image: a mapping with `contents:` holding `packages` or
 * `repositories`, or with `include:`, and without `package:`? */
bool apko_is(const struct yaml *y);

/* What an image in this file is called: "python" in images/python.yaml and in
 * python/apko/image.yaml. Borrowed from the file's name. */
struct slice apko_name(struct slice file);

/* Fill kind and name. Without configuration an image is `disabled`: it pins names, not versions. */
bool apko_read(const struct yaml *y, struct component *c, struct error *e);

/* Is that still why nobody watches it? False where mwatch.yaml gave it a source or switched it off:
 * that was somebody's decision. */
bool apko_pins_nothing(const struct component *c);

/* The version in the first package of contents.packages that the name pattern ("python-*") fits;
 * the star takes digits and dots only. ptr NULL when none fits. *where gets the scalar. */
struct slice apko_name_version(const struct yaml *y, const char *name, const struct node **where);

/* Does `package` (with its constraint "~1.2" or "@pin" cut off) fit the pattern; the star's text in
 * *out. */
bool apko_name_fits(struct slice package, const char *name, struct slice *out);

/* "python-*" with 3.14 in the star's place. In the arena. */
const char *apko_name_fill(struct arena *a, const char *name, struct slice version);

/* The name of an entry of contents.packages, without its constraint and pin; empty for "!name",
 * which asks for its absence. */
struct slice apko_package_name(struct slice entry);

/* Names whose digits are a release line of upstream's ("python-*", "nodejs-*", "openjdk-*-jre"),
 * for `mwatch init`; sonames such as libpcre2-8-0 are never among them. NULL-ended. */
const char *const *apko_stream_names(void);

#endif
