/* What the files of the prove stage share; nobody else includes this. */
#ifndef MWATCH_PROVE_PARTS_H
#define MWATCH_PROVE_PARTS_H

#include "watcher/prove.h"

/* Upstream's word on the hash of an artefact. */
struct word {
    const char *hash; /* lower-case hex, SHA-256 or SHA-512 */
    const char *at;   /* where it says so: a URL, "github releases" */
};

struct signing; /* a signature being held against an artefact's bytes */

struct prover {
    const struct context *ctx;
    struct http *http;
    const char *root;
    VEC(struct task *) tasks;
    VEC(struct signing *) signings;
    struct arena arena;
};

/* One renewal of one row being proven. */
struct task {
    struct prover *prover;
    struct outcome *o;
    struct renewal *renewal;
    struct error error; /* why it cannot be renewed */
    bool held;          /* it is only asked for to be remembered */

    /* Hashes. */
    size_t tried; /* addresses given up */
    bool fetched;
    struct hash_result hash;
    const char *url;             /* the one that answered */
    const char *final_url;       /* after redirects, NULL when the same */
    unsigned long long old_size; /* 0 = not known */
    VEC(struct word) words;      /* what upstream says of it */
    const char *doubt;           /* a checksum that should be there is not */
    struct error word_error;     /* one that the configuration names is not, or is not signed so */
    const char *signature_url;   /* of the address that is tried now */
    struct signing *signing;     /* NULL = no signature is wanted */
    VEC(const char *) vouchers;  /* whose signatures are right: of checksums and of the artefact */

    struct component *asker; /* commits: who asks git for the tag or branch */
};

/* Fetch the artefact and what upstream publishes about it; when everything has been answered, fill
 * in the renewal's value and the row's proof, or `e`. */
void prove_hash(struct task *t);
void prove_hash_end(struct task *t, struct error *e);

/* Ask for all that upstream says about the hash of what was fetched from t->url: its words come
 * into t->words, what keeps them from coming into t->doubt or t->word_error. (prove_word.c) */
void prove_words(struct task *t);

/* The artefact in the release's own list of files, NULL when it is not there. */
const struct asset *prove_asset(struct task *t);

/* Fetch what t->renewal's signature rule wants for the address tried now, then call `go`; what
 * keeps it from coming is in `e` then. (prove_sign.c) */
void sign_fetch(struct task *t, void (*go)(struct task *t, const struct error *e));

/* What the artefact's bytes are to be given to; NULL = nobody. */
const struct sink *sign_sink(const struct task *t);

/* All bytes have come, or will not: the verification ends. */
void sign_end(struct task *t);

/* Was it the signed file? False with ERROR_REFUSED. *doubt is set where there were no bytes to tell
 * by (a recording has none). */
bool sign_verdict(struct task *t, const char **doubt, struct error *e);

/* Is a text in memory signed as the rule says? `signature` is the signature's file, empty where the
 * text is clearsigned; what was signed (of a clearsigned text: what it says) is put into *what. */
bool sign_check(struct task *t, const struct signature_rule *rule, struct slice text,
                struct slice signature, struct slice *what, struct error *e);

/* "minisign key RWQ...", "a key of keys/php.gpg", in the row's arena. */
const char *sign_key_name(struct task *t, const struct signature_rule *rule);

/* A template of the configuration in which {url} is `url`. */
bool prove_expand(struct task *t, const char *text, const char *url, const char **out,
                  struct error *e);
const char *prove_public(struct task *t, const char *url);
struct slice prove_name_of(struct task *t, const char *url);
void signings_free(struct prover *p);

/* Read the row's recipe, and find what its release renews in it. */
bool prove_prepare(struct prover *p, struct outcome *o, struct error *e);

/* Hold what was fetched against what it was when this release was first seen, and remember it.
 * ERROR_REFUSED when it is another one; a warning where the same files are packed otherwise, or
 * where only the commit is another. Nothing without a cache. (prove_seen.c) */
bool prove_seen(struct task *t, struct error *e);

/* Of a component with minimum-age: the row becomes `retagged` where its release's tag moved since
 * it was first seen. One that is held is remembered: its artefacts for prove_seen, which are
 * fetched once, and its commit, which git is asked for where the recipe pins it. Nothing without a
 * cache. (prove_held.c) */
void prove_held(struct prover *p, struct outcome *o);

/* The same once git has told the commit of the recipe's own checkout. */
void prove_tag(struct task *t);

/* A task for the renewal, at work. */
struct task *prove_start(struct prover *p, struct outcome *o, struct renewal *renewal);

/* Fill in the commit of a renewal where it is known already, or prepare to ask for it. */
void prove_commit(struct task *t);

/* Ask for all commits that are wanted, and send everything else that was submitted. */
void prove_commits(struct prover *p);

#endif
