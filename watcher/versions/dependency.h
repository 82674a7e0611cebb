/* Dependencies as apk and apko write them: name[op version][@pin], !name. */
#ifndef MWATCH_VERSIONS_DEPENDENCY_H
#define MWATCH_VERSIONS_DEPENDENCY_H

#include "watcher/base/slice.h"

/* How a version may stand to the one that is wanted; several are joined ("<=" is LESS | EQUAL). */
enum relation {
    RELATION_LESS = 1,
    RELATION_EQUAL = 2,
    RELATION_GREATER = 4,
    RELATION_FUZZY = 8, /* "~1.2": 1.2 and what goes on from there, as apk 3 and apko */
};

struct dependency {
    struct slice name;    /* "openssl-dev", "so:libssl.so.3", "cmd:sh", "/bin/sh" */
    unsigned relations;   /* of enum relation; 0 = any version, and none at all */
    struct slice version; /* empty when relations is 0 */
    struct slice pin;     /* the repository it must come from; empty = any */
    bool conflict;        /* "!name": must not be there */
};

/* Take a dependency apart; blanks around it do not count. False for what apko does not read either:
 * no name, an operator without a version, one that asks for less and more, a pin that is not
 * letters and digits. The parts are borrowed. */
bool dependency_parse(struct slice text, struct dependency *out);

/* Does a package or a provide of this version do? Versions are ordered as apko orders them (see
 * apko.h). `version` is empty for an unversioned provide, which satisfies only a dependency on any
 * version. What is no version of apk's is equal to itself and to nothing else. Conflict and pin are
 * the caller's to look at. */
bool dependency_satisfied(const struct dependency *d, struct slice version);

#endif
