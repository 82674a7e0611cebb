/* The keys of `artefacts:`: what is fetched, where its hash is pinned, who vouches for it. */
#include "watcher/recipes/config_layer.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const placeholders[] = {CONFIG_PLACEHOLDERS, NULL};
static const char *const more_placeholders[] = {CONFIG_PLACEHOLDERS, "url", NULL};

static const struct config_type pattern = {.shape = SHAPE_PATTERN};
static const struct config_type file = {.shape = SHAPE_FILE};
static const struct config_type path = {.shape = SHAPE_TEXT,
                                        .name = "path",
                                        .what = "a path such as vars.sha256",
                                        .form = "^[A-Za-z_][^ ]*$"};
static const struct config_type address = CONFIG_ADDRESS(placeholders);
static const struct config_type addresses = {
    .shape = SHAPE_LIST, .item = &address, .what = "a list of addresses"};
static const struct config_type beside = {.shape = SHAPE_TEMPLATE,
                                          .what = "an address (https://... or {url}.sha256)",
                                          .form = CONFIG_ADDRESS_FORM,
                                          .choices = more_placeholders};
static const struct config_type minisign = {.shape = SHAPE_TEXT,
                                            .what = "a minisign key, 56 characters that begin "
                                                    "with RW",
                                            .form = "^RW[A-Za-z0-9+/]{54}$"};

static const struct config_key signature_keys[] = {
    {.name = "url",
     .type = &beside,
     .help = "where the signature is; absent where the checksums file is itself clearsigned"},
    {.name = "minisign", .type = &minisign, .help = "the key of minisign that must have signed"},
    {.name = "gpg",
     .type = &file,
     .help = "a file with OpenPGP keys, one of which must have signed: gpgv is asked"},
    {.name = NULL},
};
static const struct config_type signature = {.shape = SHAPE_RECORD,
                                             .name = "signature",
                                             .keys = signature_keys,
                                             .one_of = WORDS("minisign", "gpg")};

static const struct config_key checksum_keys[] = {
    {.name = "url", .type = &beside, .required = true, .help = "where upstream publishes it"},
    {.name = "pattern",
     .type = &pattern,
     .help = "finds the hash in it, ^ and $ being the ends of lines: the group \"hash\", else the "
             "first one"},
    {.name = "signature", .type = &signature, .help = "who must have signed the file"},
    {.name = NULL},
};
static const struct config_type checksum = {
    .shape = SHAPE_RECORD, .keys = checksum_keys, .shorter = &beside};

static const struct config_key artefact_keys[] = {
    {.name = "url", .type = &address, .help = "where it is"},
    {.name = "urls", .type = &addresses, .help = "where it is, tried in this order"},
    {.name = "sha256", .type = &path, .help = "the path of the scalar that pins its SHA-256"},
    {.name = "sha512", .type = &path, .help = "the path of the scalar that pins its SHA-512"},
    {.name = "checksum",
     .type = &checksum,
     .help = "upstream's own word on the hash, which must agree"},
    {.name = "signature", .type = &signature, .help = "who must have signed the artefact"},
    {.name = NULL},
};
static const struct config_type artefact = {.shape = SHAPE_RECORD,
                                            .name = "artefact",
                                            .keys = artefact_keys,
                                            .one_of = WORDS("url", "urls"),
                                            .any_of = WORDS("sha256", "sha512")};
const struct config_type config_type_artefacts = {
    .shape = SHAPE_LIST, .item = &artefact, .what = "a list of artefacts"};
