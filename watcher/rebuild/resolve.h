/* What an image or a build environment consists of: a world (the list of what is wanted) resolved
 * over an index to the full set of packages, by apko's rules. */
#ifndef MWATCH_REBUILD_RESOLVE_H
#define MWATCH_REBUILD_RESOLVE_H

#include "watcher/base/arena.h"
#include "watcher/rebuild/index.h"

#define RESOLVED_BY_WORLD (UINT32_MAX)
#define RESOLVED_BY_INSTALL_IF (UINT32_MAX - 1)

struct resolved {
    uint32_t package; /* its number in the index */
    uint32_t by;      /* the package that first wanted it, or one of the two above */
};

struct resolution {
    const struct resolved *packages; /* in the order to install: what is needed before who needs it,
                                        but for cycles */
    size_t count;
    size_t steps; /* provides and dependencies that were looked at: the work done, for tests of
                     growth */
};

struct world {
    const char *const *entries;
    size_t count;
    const char *of; /* whose they are, for messages; NULL = "the image" */
};

/* Resolve a world: entries of the form name[op version][@pin] or !name, in any order; names may be
 * provided ones (so:, cmd:, pc:). The index must be linked; several resolutions may share it.
 *
 * The rules, which are apko's (pkg/apk/apk/repo.go):
 * - A dependency is satisfied by a package of that name or one that provides it. A package counts
 *   by its own version for its own name, a provider by every version that it provides; a provide
 *   without a version satisfies only a dependency on any version. Versions are apko's (apko.h).
 *   Packages that have the same name or provide one cannot be together, unless neither gives it a
 *   version.
 * - What a dependency excludes ("!name", or versions that do not satisfy it) is out for everybody;
 *   constraints therefore come before choices. Of several dependencies the one with the fewest
 *   candidates goes first, then by spelling; a package's dependencies come before it.
 * - Of several candidates: one that is chosen already; one of an origin that is there, at the same
 *   version, unless the world wants it; the repository that the pin names (without a pin: one that
 *   has no tag); the highest version of the wanted name; of packages of one name the highest
 *   version; the highest provider priority; the highest version of its own; the first name; the
 *   repository that was added first.
 * - A tagged repository serves only entries of the world that are pinned to it, with what they
 *   need; where their constraints leave nothing else of a name, everybody gets that.
 * - A package whose install_if is wholly there, by the packages' own names, comes along with its
 *   dependencies, unless it cannot.
 *
 * A choice is not taken back for what it leads to. Where a constraint is found too late, because it
 * excludes what is chosen already, or because only another version of what is chosen satisfies it,
 * resolution starts anew with that constraint before all choices.
 *
 * The answer does not depend on the order of the world, nor on that of packages in a repository.
 * ERROR_RECIPE when it cannot be done: the message has the dependency, the chain of who wants it,
 * and what there is with why it does not do. `out` and what it points to are in the arena. */
bool resolve(const struct index *ix, struct arena *a, const struct world *world,
             struct resolution *out, struct error *e);

#endif
