/* The keys of mwatch.yaml below `rebuild:`, as config_keys.c has the others. */
#include "watcher/recipes/config_rebuild.h"
#include "watcher/recipes/config_type.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct config_type flag = {.shape = SHAPE_FLAG};
static const struct config_type file = {.shape = SHAPE_FILE};
static const char *const placeholders[] = {"recipe", "folder", NULL};
static const struct config_type template = {.shape = SHAPE_TEMPLATE, .choices = placeholders};
static const struct config_type state = {.shape = SHAPE_CHOICE,
                                         .choices = WORDS("record", "sbom", "labels", "lock")};
static const struct config_type primary = {.shape = SHAPE_TEMPLATE,
                                           .choices = placeholders,
                                           .what = "a package's name, with one star at most"};
static const struct config_type arch = {
    .shape = SHAPE_TEXT, .what = "an architecture", .form = "^[a-z0-9_/]+$"};
static const struct config_type archs = {
    .shape = SHAPE_LIST, .item = &arch, .what = "a list of architectures"};
static const struct config_type name = {.shape = SHAPE_TEXT};
static const struct config_type secdb = {
    .shape = SHAPE_TEXT, .what = "a URL", .form = "^https?://[^ ]+$"};
static const struct config_type names = {
    .shape = SHAPE_LIST, .item = &name, .what = "a list of images"};

static const struct config_key image_keys[] = {
    {.name = "image",
     .type = &template,
     .help = "what it is published as: ghcr.io/owner/minimal-{recipe}, without a tag"},
    {.name = "primary",
     .type = &primary,
     .help = "the package whose version its tags carry; python-* for what follows a line"},
    {.name = "archs",
     .type = &archs,
     .help = "the architectures it is built for; its file says when absent, else x86_64, aarch64"},
    {.name = "state",
     .type = &state,
     .help = "what tells of the last build: mwatch's own record of what it triggered; the SBOM "
             "that is attached to what the registry calls latest, or that image's label "
             "dev.mwatch.state; apko's lock file beside the image's"},
    {.name = "after", .type = &names, .help = "images that are built before it"},
    {.name = "enabled", .type = &flag, .help = "false: never rebuilt by mwatch"},
    {.name = NULL},
};
const struct config_type config_type_rebuild_image = {
    .shape = SHAPE_RECORD, .name = "rebuilt-image", .keys = image_keys, .may_be_empty = true};
static const struct config_type images = {.shape = SHAPE_TABLE,
                                          .item = &config_type_rebuild_image,
                                          .what = "a mapping of images, by name, folder or file"};

static const struct config_type ecosystem = {.shape = SHAPE_TEXT,
                                             .what = "an ecosystem's name at OSV",
                                             .form = "^[A-Za-z][A-Za-z0-9 .:_-]*$"};
static const struct config_type key = {
    .shape = SHAPE_TEXT, .what = "a URL or a file without blanks", .form = "^[^ ]+$"};
static const struct config_type package = {
    .shape = SHAPE_TEXT, .what = "the name of a package, with stars", .form = "^[^ ]+$"};
static const struct config_type address = {.shape = SHAPE_TEXT,
                                           .what = "a repository as apko has it: [@TAG ]URL",
                                           .form = "^(@[^ ]+ )?[^ @][^ ]*$"};
static const struct config_type repositories = {
    .shape = SHAPE_LIST, .item = &address, .what = "a list of repositories"};
static const struct config_type keyring = {
    .shape = SHAPE_LIST, .item = &key, .what = "a list of keys"};
static const struct config_type packages = {
    .shape = SHAPE_LIST, .item = &package, .what = "a list of packages"};

static const struct config_key rebuild_keys[] = {
    {.name = "record",
     .type = &file,
     .help = "where what was triggered is remembered, in the repository; beside the cache when "
             "absent"},
    {.name = "secdb",
     .type = &secdb,
     .help = "the security database that tells what the packages that moved have fixed: "
             "https://packages.wolfi.dev/os/security.json"},
    {.name = "osv",
     .type = &ecosystem,
     .help = "the ecosystem at osv.dev that tells the same: Wolfi, Chainguard, Alpine:v3.22; with "
             "both, both are asked"},
    {.name = "repositories",
     .type = &repositories,
     .help = "where recipes whose environment names no repositories find what they are built with; "
             "every recipe is looked at then, not only those that an image holds"},
    {.name = "keyring",
     .type = &keyring,
     .help = "the keys that sign the indexes there, as URLs or files"},
    {.name = "bump",
     .type = &packages,
     .help =
         "the packages whose move is a reason to build a recipe again, with stars: openssl-dev, "
         "go-*; all that its environment and pipelines name when absent"},
    {.name = "images", .type = &images, .help = "what holds for some images alone"},
    {.name = NULL},
};
const struct config_type config_type_rebuild = {.shape = SHAPE_RECORD,
                                                .keys = rebuild_keys,
                                                .base = &config_type_rebuild_image,
                                                .may_be_empty = true};
