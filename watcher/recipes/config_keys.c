/* The keys of mwatch.yaml: the one table that checking, reading, messages and the JSON Schema have.
 */
#include "watcher/recipes/config.h"
#include "watcher/recipes/config_layer.h"

#include <stddef.h>

#define MEMBER(name) offsetof(struct component, name)

static const char *const placeholders[] = {CONFIG_PLACEHOLDERS, NULL};
static const char *const checksum_placeholders[] = {CONFIG_PLACEHOLDERS, "url", NULL};

const char *const *config_placeholders(void)
{
    return checksum_placeholders;
}

/* Single values. */

static const struct config_type flag = {.shape = SHAPE_FLAG};
static const struct config_type text = {.shape = SHAPE_TEXT};
static const struct config_type clearable = {.shape = SHAPE_TEXT, .may_be_empty = true};
static const struct config_type pattern = {.shape = SHAPE_PATTERN};
static const struct config_type file = {.shape = SHAPE_FILE};
static const struct config_type scheme = {.shape = SHAPE_SCHEME};
static const struct config_type duration = {.shape = SHAPE_DURATION, .form = "^[0-9]+[smhdw]?$"};
static const struct config_type source = {.shape = SHAPE_SOURCE, .name = "source"};

static const struct config_type template = {
    .shape = SHAPE_TEMPLATE, .name = "template", .choices = placeholders};
static const struct config_type clearable_template = {
    .shape = SHAPE_TEMPLATE, .choices = placeholders, .may_be_empty = true};

static const struct config_type address = CONFIG_ADDRESS(placeholders);
static const struct config_type path = {.shape = SHAPE_TEXT,
                                        .name = "path",
                                        .what = "a path such as vars.sha256",
                                        .form = "^[A-Za-z_][^ ]*$"};
static const struct config_type name = {.shape = SHAPE_TEXT,
                                        .what = "a package's name with one star, such as python-*",
                                        .form = "^[A-Za-z0-9][A-Za-z0-9+._-]*[*][A-Za-z0-9+._-]*$"};

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define CHOICE(...) .shape = SHAPE_CHOICE, .choices = WORDS(__VA_ARGS__)
static const struct config_type schedule = {CHOICE("daily", "weekly", "monthly")};
static const struct config_type epoch = {CHOICE("reset", "keep")};
static const struct config_type merge_method = {CHOICE("squash", "merge", "rebase")};
static const struct config_type login = {.shape = SHAPE_TEXT,
                                         .what = "a login, without @",
                                         .form = "^[A-Za-z0-9][A-Za-z0-9_-]*(\\[bot\\])?$"};
static const struct config_type team = {
    .shape = SHAPE_TEXT,
    .what = "a team's slug, without @",
    .form = "^([A-Za-z0-9][A-Za-z0-9_-]*/)?[A-Za-z0-9][A-Za-z0-9_-]*$"};
static const struct config_type group = {.shape = SHAPE_TEXT,
                                         .what = "at most 60 letters, digits and . _ -",
                                         .form =
                                             "^([A-Za-z0-9]([A-Za-z0-9._-]{0,58}[A-Za-z0-9_-])?)?$",
                                         .may_be_empty = true};
static const struct config_type proof = {CHOICE("wanted", "required")};
static const struct config_type advisories = {CHOICE("osv", "no")};
static const struct config_type dependents = {CHOICE("together", "each", "no")};

/* Lists and mappings. */
static const struct config_type logins = {
    .shape = SHAPE_LIST, .item = &login, .what = "a list of logins"};
static const struct config_type teams = {
    .shape = SHAPE_LIST, .item = &team, .what = "a list of teams"};

static const struct config_type texts = {
    .shape = SHAPE_LIST, .item = &template, .what = "a list of texts"};
static const struct config_type patterns = {
    .shape = SHAPE_LIST, .item = &pattern, .what = "a list of patterns"};
static const struct config_type names = {
    .shape = SHAPE_LIST, .item = &name, .what = "a list of names, such as [python-*]"};
static const struct config_type links = {
    .shape = SHAPE_TABLE, .item = &address, .what = "a mapping of titles to addresses"};
static const struct config_type set = {
    .shape = SHAPE_TABLE,
    .key = &path,
    .item = &template,
    .what = "a mapping of paths to texts, such as {package.version: \"{version}\"}"};

static const struct config_key transform_keys[] = {
    {.name = "match", .type = &pattern, .required = true, .help = "what is replaced"},
    {.name = "replace",
     .type = &clearable,
     .required = true,
     .help = "by what; $1 and ${1} are the groups"},
    {.name = NULL},
};
static const struct config_type transform = {.shape = SHAPE_RECORD, .keys = transform_keys};
static const struct config_type transforms = {
    .shape = SHAPE_LIST, .item = &transform, .what = "a list of mappings with match and replace"};

static const struct config_key place_keys[] = {
    {.name = "file", .type = &file, .help = "the file; the recipe's own when absent"},
    {.name = "pattern",
     .type = &pattern,
     .required = true,
     .help =
         "finds the text, ^ and $ being the ends of lines: the group \"version\", else the first "
         "one, else all of it"},
    {.name = "value", .type = &template, .help = "what it becomes; \"{version}\" when absent"},
    {.name = NULL},
};
static const struct config_type place = {
    .shape = SHAPE_RECORD, .name = "place", .keys = place_keys};
static const struct config_type places = {
    .shape = SHAPE_LIST, .item = &place, .what = "a list of mappings with file and pattern"};

static const struct config_key current_keys[] = {
    {.name = "file", .type = &file, .help = "the file; the recipe's own when absent"},
    {.name = "pattern",
     .type = &pattern,
     .required = true,
     .help = "finds the version, ^ and $ being the ends of lines: the group \"version\", else the "
             "first one, else all of it"},
    {.name = NULL},
};
static const struct config_type current = {.shape = SHAPE_RECORD,
                                           .keys = current_keys,
                                           .shorter = &path,
                                           .what = "a path, or a mapping with file and pattern"};

static const struct config_key each_keys[] = {
    {.name = "file", .type = &file, .required = true, .help = "the list"},
    {.name = "pattern",
     .type = &pattern,
     .required = true,
     .help = "finds the entries, ^ and $ being the ends of lines: {component} stands for the name, "
             "and the group \"version\", else the first one, is what moves"},
    {.name = NULL},
};
static const struct config_type each = {.shape = SHAPE_RECORD, .keys = each_keys};

static const struct config_type action = {CHOICE("merge", "pr", "issue", "ignore")};
static const struct config_type retagged = {CHOICE("alert", "epoch")};
static const struct config_key policy_keys[] = {
    {.name = "patch", .type = &action, .help = "pr when absent"},
    {.name = "minor", .type = &action, .help = "pr when absent"},
    {.name = "major", .type = &action, .help = "issue when absent"},
    {.name = "new-stream", .type = &action, .help = "issue when absent"},
    {.name = "retagged",
     .type = &retagged,
     .help = "a tag that moved: tell (alert), or also pin the new commit and raise the epoch"},
    {.name = NULL},
};
static const struct config_type policy = {
    .shape = SHAPE_RECORD, .name = "policy", .keys = policy_keys};

/* Components. */

static const struct config_key component_keys[] = {
    {.name = "source",
     .type = &source,
     .help = "where releases are published; see `mwatch sources`"},
    {.name = "scheme",
     .type = &scheme,
     .read = layer_scheme,
     .help = "how versions are ordered; apk for melange recipes, else the source's"},
    {.name = "stream",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(stream),
     .help = "the line it follows: a prefix such as \"8.5\", or major or minor for as many "
             "numbers of the pinned version"},
    {.name = "set",
     .type = &set,
     .read = layer_set,
     .help = "scalars of the recipe and what they become"},
    {.name = "names",
     .type = &names,
     .read = layer_names,
     .help = "apko packages whose names carry the version"},
    {.name = "places",
     .type = &places,
     .read = layer_places,
     .help = "places in any files that move too"},
    {.name = "each",
     .type = &each,
     .help = "a component for every entry of a list; {component} in source is its name"},
    {.name = "optional",
     .type = &flag,
     .help = "true: where nothing pins it, it is not watched, rather than in error"},
    {.name = "current",
     .type = &current,
     .help = "where the pinned version is read, when it is not where it is set"},
    {.name = "artefacts",
     .type = &config_type_artefacts,
     .read = layer_artefacts,
     .help = "files upstream publishes whose hashes the recipe pins"},
    {.name = "epoch",
     .type = &epoch,
     .read = layer_epoch,
     .help = "what a new version does to the epoch: reset (to 0) or keep"},
    {.name = "tag-filter-prefix",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(filters.tag_prefix),
     .help = "only tags that start so"},
    {.name = "tag-filter-contains",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(filters.tag_contains),
     .help = "only tags that contain it"},
    {.name = "strip-prefix",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(filters.strip_prefix),
     .help = "taken off the tag where it is there"},
    {.name = "strip-suffix",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(filters.strip_suffix),
     .help = "taken off the tag where it is there"},
    {.name = "match",
     .type = &pattern,
     .read = layer_pattern,
     .offset = MEMBER(filters.match),
     .help = "must be found; the group \"version\", else the first one, else all of it goes on"},
    {.name = "ignore-regex-patterns",
     .type = &patterns,
     .read = layer_ignore,
     .help = "tags in which one of them is found are passed over"},
    {.name = "version-separator",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(filters.separator),
     .help = "becomes a dot wherever it stands"},
    {.name = "version-transform",
     .type = &transforms,
     .read = layer_transforms,
     .help = "replacements from upstream's spelling to the version, in order"},
    {.name = "enable-prerelease-tags",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(filters.prereleases),
     .help = "pre-releases are welcome"},
    {.name = "proof",
     .type = &proof,
     .read = layer_proof,
     .help = "required: what nothing of upstream's confirms is held, not proposed; wanted is the "
             "default"},
    {.name = "verify-pins",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(verify_pins),
     .help = "true: every look also asks whether what is pinned is still what upstream serves"},
    {.name = "minimum-age",
     .type = &duration,
     .read = layer_duration,
     .offset = MEMBER(minimum_age),
     .help = "how long a release must be out before it is proposed"},
    {.name = "advisories",
     .type = &advisories,
     .read = layer_advisories,
     .help = "osv: what is known against the pinned version is asked; it goes first then"},
    {"purl", "the package URL that OSV is asked for, when the source does not say it",
     &config_type_purl, false, layer_text, MEMBER(purl)},
    {.name = "schedule",
     .type = &schedule,
     .read = layer_text,
     .offset = MEMBER(schedule),
     .help = "upstream is not asked more often"},
    {.name = "policy",
     .type = &policy,
     .read = layer_policy,
     .help = "what each decision leads to"},
    {.name = "manual",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(manual),
     .help = "proposed for a person, never merged automatically"},
    {.name = "require-sequential",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(require_sequential),
     .help = "a newer proposal does not close an older one"},
    {.name = "shared",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(shared),
     .help = "dependents are rebuilt when it moves"},
    {.name = "prune-go-bump",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(prune_go_bump),
     .help = "false: go/bump keeps what the new release's go.mod has by itself"},
    {.name = "dependents",
     .type = &dependents,
     .read = layer_dependents,
     .help = "recipes built with it: together (when shared), each in a proposal, or no"},
    {.name = "enabled", .type = &flag, .help = "false: not watched"},
    {.name = "exclude-reason", .type = &text, .help = "why it is not watched"},
    {.name = "labels",
     .type = &texts,
     .read = layer_labels,
     .help = "of the proposal; they add up with the defaults'"},
    {.name = "links",
     .type = &links,
     .read = layer_links,
     .help = "shown in the proposal; they add up with the defaults'"},
    {.name = "checklist",
     .type = &texts,
     .read = layer_checklist,
     .help = "what a person has to look at before a major bump"},
    {.name = "assignees",
     .type = &logins,
     .read = layer_assignees,
     .help = "people the proposal is assigned to"},
    {.name = "reviewers",
     .type = &logins,
     .read = layer_reviewers,
     .help = "people whose review is asked for"},
    {.name = "team-reviewers",
     .type = &teams,
     .read = layer_team_reviewers,
     .help = "teams whose review is asked for, by their slugs"},
    {.name = "milestone",
     .type = &clearable,
     .read = layer_text,
     .offset = MEMBER(milestone),
     .help = "the title of an open milestone"},
    {.name = "draft",
     .type = &flag,
     .read = layer_flag,
     .offset = MEMBER(draft),
     .help = "pull requests begin as drafts"},
    {.name = "merge-method",
     .type = &merge_method,
     .read = layer_text,
     .offset = MEMBER(merge_method),
     .help = "how auto-merge merges; squash when absent"},
    {.name = "group",
     .type = &group,
     .read = layer_text,
     .offset = MEMBER(group),
     .help = "one pull request for the patches and minors of all components of this group"},
    {.name = "image",
     .type = &clearable_template,
     .read = layer_text,
     .offset = MEMBER(image),
     .help = "the image tag that merging publishes"},
    {.name = NULL},
};
const struct config_type config_type_component = {
    .shape = SHAPE_RECORD, .name = "component", .keys = component_keys, .may_be_empty = true};

/* The file. */

static const struct config_type component_name = {.shape = SHAPE_TEXT,
                                                  .what = "letters, digits and . _ + -",
                                                  .form = "^[A-Za-z0-9][A-Za-z0-9._+-]*$"};
static const struct config_type components = {.shape = SHAPE_TABLE,
                                              .key = &component_name,
                                              .item = &config_type_component,
                                              .what = "a mapping of names to components"};
static const struct config_key recipe_keys[] = {
    {.name = "file", .type = &file, .help = "the recipe's file, when the key is not its place"},
    {.name = "components",
     .type = &components,
     .help =
         "several upstreams in one recipe; keys beside it are theirs unless they say otherwise"},
    {.name = NULL},
};
const struct config_type config_type_recipe = {.shape = SHAPE_RECORD,
                                               .name = "recipe",
                                               .keys = recipe_keys,
                                               .base = &config_type_component,
                                               .may_be_empty = true};
static const struct config_type recipes = {
    .shape = SHAPE_TABLE, .item = &config_type_recipe, .what = "a mapping of recipes"};

static const struct config_type url = {.shape = SHAPE_URL};
static const struct config_type mirrors = {.shape = SHAPE_TABLE,
                                           .key = &url,
                                           .item = &url,
                                           .what =
                                               "a mapping of address prefixes to other prefixes"};
static const struct config_type host = {
    .shape = SHAPE_TEXT, .what = "host or host:port", .form = "^[A-Za-z0-9.-]+(:[0-9]+)?$"};
static const struct config_type hosts = {
    .shape = SHAPE_LIST, .item = &host, .what = "a list of hosts"};
static const struct config_type globs = {
    .shape = SHAPE_LIST, .item = &text, .what = "a list of globs"};
static const struct config_key file_keys[] = {
    {.name = "defaults",
     .type = &config_type_component,
     .help = "for every component that does not say otherwise"},
    {.name = "mirrors", .type = &mirrors, .help = "addresses that are asked elsewhere"},
    {.name = "plain-http", .type = &hosts, .help = "hosts that may be asked without TLS"},
    {.name = "commit",
     .type = &config_type_commit,
     .help = "who commits, and how commits are signed"},
    {.name = "forge", .type = &config_type_forge, .help = "where and how changes are proposed"},
    {.name = "limits", .type = &config_type_limits, .help = "how much is proposed at most"},
    {.name = "rebuild",
     .type = &config_type_rebuild,
     .help = "how images are rebuilt when packages move (`mwatch rebuild`)"},
    {.name = "templates",
     .type = &config_type_templates,
     .help = "texts of proposals of the repository's own"},
    {.name = "trigger",
     .type = &config_type_triggers,
     .help = "who is told of what was proposed or merged"},
    {.name = "dashboard",
     .type = &config_type_dashboard,
     .help = "one issue that tells of all components, with boxes to tick"},
    {.name = "exclude", .type = &globs, .help = "files that are no recipes (*, ?, **)"},
    {.name = "recipes",
     .type = &recipes,
     .help = "by file, by folder (its melange.yaml, else its only apko/*.yaml) or by name"},
    {.name = NULL},
};
const struct config_type config_type_file = {
    .shape = SHAPE_RECORD, .keys = file_keys, .may_be_empty = true};
