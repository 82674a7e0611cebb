/* A source: where a component's releases are published. One const row an adapter, one file a row.
 */
#ifndef MWATCH_SOURCES_SOURCE_H
#define MWATCH_SOURCES_SOURCE_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"
#include "watcher/base/request.h"

enum key_type {
    KEY_TEXT,
    KEY_URL,
    KEY_BOOL,
    KEY_INT,
    KEY_PATTERN,
    KEY_PATH /* json_path */,
    KEY_CHOICE
};

struct source_key {
    const char *name;
    enum key_type type;
    bool required;
    const char *fallback; /* the value when absent, NULL = none */
    const char *help;     /* one line */
    const char *choices;  /* KEY_CHOICE: "tags|releases" */
};

enum { SOURCE_KEYS = 20 };

/* An adapter with its parameters. Values are in the order of source->keys, defaults filled in; an
 * absent one without default is NULL. Everything lives in the arena it was made in. */
struct spec {
    const struct source *source;
    const char *preset; /* the preset's name when it came by one */
    const char
        *subject; /* the first key's value, of the preset when it came by one; NULL = absent */
    const char *values[SOURCE_KEYS];
    /* A hint, never a filter: releases whose raw text does not start with it are not wanted. An
     * adapter may use it to ask for less (ref-prefix). NULL = none. */
    const char *prefix;
};

/* Where in the paging we are. The first page is {0}; the others are what parse returned. */
struct page {
    unsigned number;    /* 0, 1, ... */
    const char *cursor; /* the adapter's own: a URL, a state; NULL on the first */
};

enum { PAGE_LIMIT = 200 }; /* the core stops there with an error */

enum candidate_flag {
    CANDIDATE_DRAFT = 1,
    CANDIDATE_PRERELEASE = 2, /* upstream says so */
    CANDIDATE_YANKED = 4,     /* withdrawn: yanked gems and crates, deprecated npm versions */
    CANDIDATE_LATEST = 8,     /* upstream calls it its latest; shown, never decisive */
    CANDIDATE_TAG = 16,       /* a tag; whether it was ever released could not be seen */
    CANDIDATE_BRIEF = 32,     /* its notes and assets were not asked for, see struct batch */
};

/* A file published with a release. */
struct asset {
    const char *name;
    const char *url;
    const char *sha256; /* lower-case hex, NULL = not published */
    const char *sha512;
    int64_t size; /* bytes, -1 = not known */
};

struct candidate {
    const char *raw;    /* the one string upstream published, as it spelt it */
    const char *commit; /* the peeled commit, 40 or 64 hex digits, NULL = not known */
    const char *url;    /* a page for people, NULL = none */
    const char *notes;  /* release notes as upstream wrote them (hostile text), NULL = none */
    int64_t published;  /* seconds since 1970, 0 = not known */
    unsigned flags;
    struct asset *assets;
    size_t asset_count;
};

struct candidates {
    VEC(struct candidate) list;
    struct page next; /* meaningful when `more` */
    bool more;        /* another page is to be asked for */
    const char *note; /* what could not be seen this way, a line for people; NULL = nothing */
    bool complete; /* every release was listed: what is only a CANDIDATE_TAG was never released */
};

/* What a batch asks for one spec. The first page asks for what request's first page asks for. */
struct batch_item {
    const struct spec *spec;
    struct page page;
    struct arena *arena;      /* its candidates live there */
    struct candidates *found; /* parse appends; `more` and `next` are reset before the call */
    bool unanswered;          /* the server stopped before it came to this one: to be asked again */
    struct error error;       /* ERROR_UPSTREAM: what is wrong with this one alone */
};

enum batch_verdict {
    BATCH_READ,     /* every item has its candidates, its error, or is unanswered */
    BATCH_TOO_MUCH, /* the server could not answer so much at once */
    BATCH_UNFIT,    /* the server takes no such batches: what is in it is to be asked one by one */
    BATCH_OVER,     /* nothing is to be had in this run, for anybody: a limit, a refused token */
};

/* Many specs in one request, where the credential is there. The candidates it lists are
 * CANDIDATE_BRIEF. */
struct batch {
    unsigned start, most; /* items in a request: in the first one, and ever */

    /* The address that a spec's batches are sent to, in the arena: specs with equal ones may share
     * a request. NULL when it is asked otherwise. */
    const char *(*server)(const struct spec *spec, struct arena *a);

    /* Build the request for the items, which share one server. Pure. */
    void (*request)(const struct batch_item *items, size_t count, struct arena *a,
                    struct request *out);

    /* Read an answer of any status. Pure. Unless the verdict is BATCH_READ, the items are as they
     * were and *e is what the server said (ERROR_UPSTREAM). */
    enum batch_verdict (*parse)(struct batch_item *items, size_t count,
                                const struct response *response, struct arena *a, struct error *e);

    /* Where source->request begins to list everything that could still be in the pages left, as
     * CANDIDATE_TAG: it tells whether asking for those pages can matter. */
    const char *names;

    /* The page, of a batch or of source->request, that has all about the release named `raw`. */
    const char *(*one)(struct arena *a, const char *raw);
};

struct source {
    const char *name;                    /* "github" */
    const char *summary;                 /* one line */
    const char *example;                 /* YAML of a whole `source:` value */
    struct source_key keys[SOURCE_KEYS]; /* ended by a NULL name; the first is the short form's */
    const char *scheme; /* the scheme its versions usually follow, NULL = the recipe's */

    /* Build the request for a page. Pure. False with ERROR_USAGE when the spec makes no sense. */
    bool (*request)(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e);

    /* Read one answer with a 2xx status and add its candidates (appending to out->list; `more` and
     * `next` are reset before the call). Pure. Never sorts or filters. ERROR_UPSTREAM when the
     * answer is not what this source gives: HTML for JSON, a missing member, a tag that is no text.
     */
    bool (*parse)(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e);

    /* The first page's cursor when the request for it names a credential that is not there: another
     * way, which sees less and says so in `note`. NULL = there is none (of this spec). */
    const char *(*open)(const struct spec *spec);

    /* The first page's cursor at another place that has the same, asked where the first one does
     * not answer, answers something else, or lists nothing. NULL = there is none (of this spec). */
    const char *(*spare)(const struct spec *spec);

    const struct batch *batch; /* NULL = none */
};

/* A preset: a name for a generic adapter with parameters filled in. Presets are rows of data in
 * presets.c. In `values`, {name} stands for one of the preset's own keys; what the adapter's key is
 * decides how it is written:
 * - KEY_URL: URL-escaped, slashes kept; {name%} escapes slashes too; a preset key that is itself a
 *   KEY_URL ({server}) stands as it is, without a slash at its end
 * - KEY_PATTERN: quoted, so that it matches itself
 * - KEY_PATH: with a backslash before quotes and backslashes: $['{name}'] is a member whatever the
 *   name holds
 * - elsewhere it stands as it is.
 *
 * A value that names an absent key is left out altogether; of two values for one key the later one
 * counts; braces around anything else (\d{4}) are plain text. */
struct preset {
    const char *name;
    const char *summary;
    const char *example;
    const char *adapter; /* "json" */
    struct source_key keys[6];
    struct {
        const char *key;
        const char *value;
    } values[12];
    const char *scheme;
};

/* Rows by name, NULL when there is none; and all of them, ended by NULL. */
const struct source *source_find(const char *name);
const struct preset *preset_find(const char *name);
const struct source *const *source_all(void);
const struct preset *preset_all(size_t *count);

/* The names of both, NULL-ended, for messages and text_nearest. */
const char *const *source_names(struct arena *a);

/* One given parameter, with where it stands for messages. */
struct parameter {
    struct slice key;
    struct slice value;
    size_t line, column;
};

/* Make a spec of a name and its parameters: an unknown name, an unknown or missing key (the nearest
 * one is named), a value of the wrong type fail with ERROR_USAGE at file:line:column. A parameter
 * with an empty key is the short form's: it goes to the first key. Presets are expanded. */
bool spec_make(struct arena *a, const char *file, const struct parameter *name,
               const struct parameter *parameters, size_t count, struct spec *out, struct error *e);

/* What people call it: the preset's name, else the adapter's. */
const char *spec_name(const struct spec *spec);

/* The value of a key, NULL when absent. */
const char *spec_value(const struct spec *spec, const char *key);
bool spec_flag(const struct spec *spec, const char *key);

/* A text that is the same for two specs exactly when they ask the same thing: polled once. */
const char *spec_identity(struct arena *a, const struct spec *spec);

#endif
