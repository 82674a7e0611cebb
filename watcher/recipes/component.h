/* The value that flows through the stages: one tracked upstream inside one recipe. */
#ifndef MWATCH_RECIPES_COMPONENT_H
#define MWATCH_RECIPES_COMPONENT_H

#include "sources/source.h"
#include "watcher/base/pattern.h"
#include "watcher/versions/scheme.h"

enum recipe_kind { RECIPE_MELANGE, RECIPE_APKO, RECIPE_FILE };

/* What policy does about a decision, from the boldest to the shyest. */
enum action { ACTION_MERGE, ACTION_PR, ACTION_ISSUE, ACTION_IGNORE };

struct policy {
    enum action patch, minor, major, new_stream;
    bool rebuild_retagged; /* `retagged: epoch`: a moved tag gets the new commit and epoch + 1 */
};

/* What becomes of the recipes that are built with this one when it moves: their epochs are raised
 * in the same change set, in one of their own each, or not at all. */
enum dependents { DEPENDENTS_UNSAID, DEPENDENTS_TOGETHER, DEPENDENTS_EACH, DEPENDENTS_NO };

struct transform {
    const struct pattern *match;
    const char *replace; /* Go's replacement rules, see pattern_replace */
};

/* From upstream's raw string to a version, in the order of the members. NULL = not asked for. */
struct filters {
    const char *tag_prefix;   /* the raw string must start with it ... */
    const char *tag_contains; /* ... and contain it */
    const char *strip_prefix; /* once, when there */
    const char *strip_suffix;
    const struct pattern
        *match; /* must be found; the group "version", else 1, else all of it goes on */
    VEC(const struct pattern *) ignore; /* one that is found anywhere drops the candidate */
    const char *separator;              /* every occurrence becomes "." */
    VEC(struct transform) transforms;   /* each over the whole string, in order */
    bool prereleases;                   /* pre-releases are welcome */
};

/* Who must have signed a file; neither key: nobody. */
struct signature_rule {
    const char *url;      /* template of the signature's address; NULL = the file is clearsigned */
    const char *minisign; /* the public key, 56 characters of base64 */
    const char *gpg;      /* a file with OpenPGP keys, below the repository's root */
};

/* Upstream's own word on an artefact's hash. */
struct checksum {
    const char *url; /* template; NULL = known from the source (asset digest, php, gem) */
    const struct pattern
        *pattern; /* finds the hash in the body: group "hash", else 1; NULL = the line that
                     names the artefact's file, else the only hash in the body */
    struct signature_rule signature; /* of the file with the hash */
};

/* A file upstream publishes whose hash the recipe pins. Templates: see template.h of the stages. */
struct artefact {
    VEC(const char *) urls; /* templates, tried in order */
    const char *sha256;     /* path of the scalar that pins it, NULL = not pinned so */
    const char *sha512;
    struct checksum checksum;
    struct signature_rule signature;
};

/* A scalar of the recipe file and what it becomes. */
struct setting {
    const char *path;  /* "vars.ruby_version" */
    const char *value; /* template, "{version}" */
};

/* A place in any file, found by pattern. */
struct place {
    const char *file; /* relative to the repository's root */
    const struct pattern *pattern;
    const char *value; /* template */
};

struct link {
    const char *title;
    const char *url; /* template */
};

struct component {
    struct arena arena; /* owns everything the members point to */

    const char *recipe; /* "rails": package.name; the file's base name; or the key in mwatch.yaml */
    const char *name;   /* "ruby"; the recipe's name when there is only one */
    const char *package; /* what the recipe calls itself where mwatch.yaml calls it otherwise, else
                            NULL */
    const char *file;    /* relative to the repository's root, with slashes */
    enum recipe_kind kind;
    size_t line; /* of the pinned version in `file`, 0 = not known */

    const char *current;        /* the pinned version, NULL when there is none */
    const char *recipe_version; /* melange: package.version as it is, whoever's version that is */
    const char *commit;         /* the pinned commit, NULL when none is pinned */
    unsigned long long epoch;   /* melange */

    const char
        *disabled;      /* why it is not watched ("exclude-reason", "no update block"), else NULL */
    struct error error; /* why it cannot be watched: its row is an error */
    VEC(const char *) warnings; /* "redis.yaml:12:3: unknown key tag-fliter (tag-filter?)" */

    struct spec spec; /* spec.source NULL when disabled or in error */
    const struct scheme *scheme;
    const char *stream;   /* prefix, NULL = all */
    const char *snapshot; /* a recipe that follows a branch: what stands in its version before the
                             day of the branch's head ("0.0_git" of 0.0_git20260820, may be "");
                             NULL = versions are upstream's */
    struct filters filters;

    bool manual;                /* propose for a person, never auto-merge */
    bool require_sequential;    /* a newer proposal does not close an older one */
    bool shared;                /* dependents need an epoch bump when it moves */
    enum dependents dependents; /* how; said nothing: together when it is shared, else not at all */
    const char *schedule;       /* "daily", "weekly", "monthly": not looked at more often; NULL */
    bool named;                 /* an operand names it, not just its folder */
    bool proof_required;        /* what nothing confirms is held */
    bool verify_pins;           /* every look asks whether the pinned bytes are still served */
    int64_t minimum_age;        /* seconds a release must be public before it is proposed */
    struct policy policy;
    VEC(const char *)
    bumped;           /* "golang.org/x/net@v0.55.0": what go/bump steps ask for, each once */
    bool advisories;  /* OSV is asked what is known against its versions */
    const char *purl; /* template of a version's package URL; NULL = what the source says */

    VEC(struct setting) settings;
    VEC(const char *) names; /* apko: "python-*", every mention moves */
    VEC(struct artefact) artefacts;
    VEC(struct place) places;
    bool keep_epoch; /* a new version leaves the epoch alone */
    bool
        prune_go_bump; /* go/bump loses what a new release has by itself; true unless told not to */

    VEC(struct link) links;
    VEC(const char *) labels;
    VEC(const char *) checklist; /* for the issue of a major bump */
    VEC(const char *) assignees;
    VEC(const char *) reviewers;
    VEC(const char *) team_reviewers;
    const char *milestone;    /* its title, NULL = none */
    bool draft;               /* pull requests begin as drafts */
    const char *merge_method; /* "squash", "merge" or "rebase"; NULL = squash */
    const char *group;        /* proposed together with those of this name; NULL = by itself */
    const char *image;        /* template of the image tag that merging publishes, NULL = none */

    bool asked_open;   /* somebody ticked on the dashboard that it is to be opened all the same */
    bool asked_rebase; /* likewise, that its branch is to be made anew */
};

/* Owned by the caller; component_free releases the arena and the component. */
struct component *component_new(const char *recipe, const char *file, enum recipe_kind kind);
void component_free(struct component *c);

struct components {
    struct component **items;
    size_t count;
    size_t capacity;
};

/* Takes ownership of c. */
void components_add(struct components *list, struct component *c);
void components_free(struct components *list);

const char *recipe_kind_name(enum recipe_kind kind); /* "melange" */
const char *action_name(enum action action);         /* "merge", "pr", "issue", "ignore" */
bool action_parse(struct slice text, enum action *out);

const char *dependents_name(enum dependents dependents); /* "together" */
bool dependents_parse(struct slice text, enum dependents *out);

/* What holds for the component: never unsaid. */
enum dependents component_dependents(const struct component *c);

/* patch, minor: pr; major, new-stream: issue; retagged: alert only. */
struct policy policy_default(void);

#endif
