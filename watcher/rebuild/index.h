/* Package indexes of apk repositories (APKINDEX), read into one table a machine architecture. The
 * format: https://wiki.alpinelinux.org/wiki/Apk_spec#APKINDEX_Format */
#ifndef MWATCH_REBUILD_INDEX_H
#define MWATCH_REBUILD_INDEX_H

#include "watcher/base/error.h"
#include "watcher/base/slice.h"

#include <stdint.h>

/* Packages and repositories are numbered from 0 in the order in which they are added. */
#define INDEX_NONE UINT32_MAX

/* Where an index came from. */
struct repository {
    const char *url; /* as the image lists it: for messages and lock files */
    const char *tag; /* "edge" for "@edge URL": its packages are taken only where a pin allows it;
                        NULL or "" = for everybody */
};

/* A package as its stanza describes it; the texts are borrowed from the index, empty where the
 * stanza says nothing. Lists are blank-separated, as they are written. */
struct package {
    struct slice name;                 /* P: */
    struct slice version;              /* V: as written, and not always one of apk's */
    struct slice checksum;             /* C: of the control part, "Q1" and base64 of its SHA-1 */
    struct slice arch;                 /* A: */
    struct slice description;          /* T: */
    struct slice url;                  /* U: */
    struct slice license;              /* L: */
    struct slice origin;               /* o: the recipe it was built by */
    struct slice maintainer;           /* m: */
    struct slice commit;               /* c: */
    struct slice depends;              /* D: */
    struct slice install_if;           /* i: */
    struct slice provides;             /* p: */
    struct slice replaces;             /* r: */
    unsigned long long size;           /* S: bytes of the package file */
    unsigned long long installed_size; /* I: bytes */
    unsigned long long build_time;     /* t: seconds since 1970 */
    unsigned long long priority;       /* k: of its unversioned provides; the higher is preferred */
    uint32_t repository;
    uint32_t first_provide; /* the rest is for the files of the index */
    uint32_t provide_count;
    uint32_t origin_name;
};

struct index;

/* Owned by the caller; index_free of NULL does nothing. */
struct index *index_new(void);
void index_free(struct index *ix);

/* Add all packages of a repository: APKINDEX.tar.gz (a signature before it is passed over: see
 * signature_verify), or the text of an APKINDEX. Nothing of `bytes` or `from` is kept. Fails with
 * ERROR_UPSTREAM, naming the URL and the line, on an archive that cannot be read to its end, a line
 * that is no field, a number that is none, and a stanza without a name and a version that can be
 * shown; the index is then good for index_free alone. Fields that nobody knows are passed over; of
 * a field that comes twice in a stanza the last counts. */
bool index_add(struct index *ix, const struct repository *from, struct slice bytes,
               struct error *e);

/* Join names and the packages that provide them; to be called once, when all is added. */
void index_link(struct index *ix);

/* Take of what is added from now on only the packages themselves: enough for a roll, and for
 * nothing else. */
void index_make_bare(struct index *ix);

/* The names and versions of a table's packages, for when the table is gone. Owned by the caller. */
struct roll;
struct roll *index_roll(const struct index *ix);
void roll_free(struct roll *r);

/* Withdraw what the roll of another architecture, `arch`, does not have at the same version: apko
 * takes for an image only packages that are there for all of its architectures
 * (pkg/apk/apk/repo.go, disqualifyDifference). The index must be linked; several rolls may be
 * called. */
void index_keep(struct index *ix, const struct roll *roll, const char *arch);

/* Are withdrawn packages there all the same? False at first. */
void index_readmit(struct index *ix, bool readmit);

size_t index_count(const struct index *ix);
const struct package *index_package(const struct index *ix, uint32_t package);
const struct repository *index_repository(const struct index *ix, uint32_t repository);

/* The package of exactly this name and version, the first repository's of several; INDEX_NONE when
 * there is none. The index must be linked. */
uint32_t index_find(const struct index *ix, struct slice name, struct slice version);

/* Is there a package of this name that is not withdrawn, not only one that provides it? The index
 * must be linked. */
bool index_has(const struct index *ix, struct slice name);

#endif
