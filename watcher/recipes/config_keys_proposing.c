/* The keys of mwatch.yaml that say how changes are proposed, as config_keys.c has the others. */
#include "watcher/recipes/config_type.h"

static const struct config_type text = {.shape = SHAPE_TEXT};
static const struct config_type count = {
    .shape = SHAPE_COUNT, .what = "a whole number", .form = "^[0-9]{1,7}$"};
static const struct config_type email = {
    .shape = SHAPE_TEXT, .what = "an e-mail address", .form = "^[^ <>@]+@[^ <>@]+$"};
static const struct config_type person = {
    .shape = SHAPE_TEXT, .what = "a name without < and >", .form = "^[^<>]+$"};
static const struct config_key author_keys[] = {
    {.name = "name", .type = &person, .required = true, .help = "as git's user.name"},
    {.name = "email", .type = &email, .required = true, .help = "as git's user.email"},
    {.name = NULL},
};
static const struct config_type author = {.shape = SHAPE_RECORD, .keys = author_keys};
static const struct config_type signing = {
    .shape = SHAPE_CHOICE, .choices = (const char *const[]){"openpgp", "ssh", NULL}};

static const struct config_key commit_keys[] = {
    {.name = "author",
     .type = &author,
     .help = "who commits; git's own configuration says when absent"},
    {.name = "sign", .type = &signing, .help = "how commits are signed; not at all when absent"},
    {.name = "key", .type = &text, .help = "the key's id, or the file of an SSH key"},
    {.name = "program", .type = &text, .help = "what signs, as git's gpg.program"},
    {.name = NULL},
};
const struct config_type config_type_commit = {.shape = SHAPE_RECORD, .keys = commit_keys};

static const struct config_type repository = {
    .shape = SHAPE_TEXT, .what = "owner/name", .form = "^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"};
static const struct config_key app_keys[] = {
    {.name = "id", .type = &text, .required = true, .help = "the App's id, or its client id"},
    {.name = "key-file",
     .type = &text,
     .required = true,
     .help = "the file of its private key (PEM); MWATCH_APP_ID and MWATCH_APP_KEY_FILE go before"},
    {.name = NULL},
};
static const struct config_type app = {.shape = SHAPE_RECORD, .keys = app_keys};
static const struct config_type commit_way = {.shape = SHAPE_CHOICE,
                                              .choices = (const char *const[]){"git", "api", NULL}};
static const struct config_key forge_keys[] = {
    {.name = "repository",
     .type = &repository,
     .help = "where it is proposed; GITHUB_REPOSITORY or the remote's address say when absent"},
    {.name = "base", .type = &text, .help = "the branch proposals go into; the remote's own"},
    {.name = "remote", .type = &text, .help = "the git remote's name or address; origin"},
    {.name = "commit-through",
     .type = &commit_way,
     .help = "git pushes commits; api makes them by the forge's API, which signs an App's"},
    {.name = "app", .type = &app, .help = "a GitHub App that proposes, instead of a token"},
    {.name = NULL},
};
const struct config_type config_type_forge = {.shape = SHAPE_RECORD, .keys = forge_keys};

static const struct config_key limit_keys[] = {
    {.name = "open", .type = &count, .help = "pull requests of mwatch's open at once; 20"},
    {.name = "hourly", .type = &count, .help = "proposals opened within an hour; 50"},
    {.name = NULL},
};
const struct config_type config_type_limits = {.shape = SHAPE_RECORD, .keys = limit_keys};

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
static const struct config_type template_file = {.shape = SHAPE_FILE};
static const struct config_type title = {
    .shape = SHAPE_TEMPLATE,
    .choices = WORDS("heading", "recipe", "component", "from", "to", "decision", "rebuilt")};
static const struct config_type group_title = {.shape = SHAPE_TEMPLATE,
                                               .choices = WORDS("heading", "count", "names")};
static const struct config_key template_keys[] = {
    {.name = "title", .type = &title, .help = "of a pull request"},
    {.name = "issue-title", .type = &title, .help = "of an issue"},
    {.name = "group-title", .type = &group_title, .help = "of a group's pull request"},
    {.name = "pull-request", .type = &template_file, .help = "the file of a pull request's body"},
    {.name = "issue", .type = &template_file, .help = "the file of an issue's body"},
    {.name = "rebuild",
     .type = &template_file,
     .help = "the file of the body of a pull request that only rebuilds"},
    {.name = "group", .type = &template_file, .help = "the file of a group's body"},
    {.name = "group-member",
     .type = &template_file,
     .help = "the file of what a group's body says of each member"},
    {.name = "commit", .type = &template_file, .help = "the file of a commit's message"},
    {.name = NULL},
};
const struct config_type config_type_templates = {.shape = SHAPE_RECORD, .keys = template_keys};

static const char *const purl_placeholders[] = {"version",    "major", "minor",     "patch",
                                                "series",     "name",  "component", "recipe",
                                                "repository", NULL};
const struct config_type config_type_purl = {.shape = SHAPE_TEMPLATE,
                                             .what =
                                                 "a package URL such as pkg:gem/rails@{version}",
                                             .form = "^(pkg:[a-z][a-z0-9.+-]*/[^@]+@.*[{].*)?$",
                                             .choices = purl_placeholders,
                                             .may_be_empty = true};

static const struct config_type occasion = {
    .shape = SHAPE_CHOICE, .choices = (const char *const[]){"proposed", "merged", "due", NULL}};
static const struct config_type event = {
    .shape = SHAPE_TEXT, .what = "a text of 1 to 100 characters", .form = "^.{1,100}$"};
static const struct config_type workflow_file = {.shape = SHAPE_TEXT,
                                                 .what = "a workflow's file, or its number",
                                                 .form = "^([^?#]+\\.ya?ml|[0-9]+)$"};
static const struct config_type input_name = {
    .shape = SHAPE_TEXT, .what = "the name of an input", .form = "^[A-Za-z_][A-Za-z0-9_-]*$"};
static const struct config_type input_value = {.shape = SHAPE_TEXT, .may_be_empty = true};
static const struct config_type inputs = {.shape = SHAPE_TABLE,
                                          .key = &input_name,
                                          .item = &input_value,
                                          .what = "a mapping of inputs to texts"};
static const struct config_key workflow_keys[] = {
    {.name = "file",
     .type = &workflow_file,
     .required = true,
     .help = "its file below .github/workflows, or its number"},
    {.name = "ref",
     .type = &text,
     .help = "the branch it runs on; the repository's default branch"},
    {.name = "input",
     .type = &input_name,
     .help = "which of its inputs takes the payload, as a JSON text; none when absent"},
    {.name = "inputs", .type = &inputs, .help = "further inputs, the same every time"},
    {.name = NULL},
};
static const struct config_type workflow = {
    .shape = SHAPE_RECORD, .keys = workflow_keys, .shorter = &workflow_file};
static const struct config_type names = {
    .shape = SHAPE_LIST, .item = &text, .what = "a list of globs"};
static const struct config_key trigger_keys[] = {
    {.name = "on",
     .type = &occasion,
     .required = true,
     .help = "proposed: a pull request was opened; merged: one was merged; due: an image is to be "
             "rebuilt (`mwatch rebuild --trigger`)"},
    {.name = "repository",
     .type = &repository,
     .help = "owner/name of who is told; the repository itself when absent"},
    {.name = "event-type", .type = &event, .help = "sends a repository_dispatch of this type"},
    {.name = "workflow", .type = &workflow, .help = "starts a workflow (workflow_dispatch)"},
    {.name = "recipes", .type = &names, .help = "globs of recipes' names; all when absent"},
    {.name = NULL},
};
static const struct config_type trigger = {
    .shape = SHAPE_RECORD,
    .keys = trigger_keys,
    .one_of = (const char *const[]){"event-type", "workflow", NULL}};
const struct config_type config_type_triggers = {
    .shape = SHAPE_LIST, .item = &trigger, .what = "a list of who is told"};

static const struct config_type kept = {.shape = SHAPE_FLAG,
                                        .what = "true, false or a mapping with title and labels"};
static const struct config_type label_names = {
    .shape = SHAPE_LIST, .item = &text, .what = "a list of labels"};
static const struct config_key dashboard_keys[] = {
    {.name = "title", .type = &text, .help = "of the issue"},
    {.name = "labels", .type = &label_names, .help = "made when missing"},
    {.name = NULL},
};
const struct config_type config_type_dashboard = {
    .shape = SHAPE_RECORD, .keys = dashboard_keys, .shorter = &kept, .may_be_empty = true};
