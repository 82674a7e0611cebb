#include "git/local_refs.h"

#include "watcher/base/text.h"
#include "watcher/base/url.h"

#include <git2.h>
#include <string.h>

enum { PKT_HEADER = 4, OID_TEXT = 65 /* enough for SHA-256 */ };

bool git_local_path(struct slice url, struct buf *path)
{
    struct url parts;
    if (!url_parse(url, &parts) || !slice_is(parts.scheme, "file"))
        return false;
    if (!slice_empty(parts.host) && !slice_is(parts.host, "localhost"))
        return false;
    struct slice tail = SLICE("/info/refs");
    if (!slice_ends(parts.path, tail) || parts.path.len == tail.len)
        return false;
    size_t before = path->len;
    return url_unescape(path, slice_first(parts.path, parts.path.len - tail.len)) &&
           slice_find_byte(slice_from(buf_slice(path), before), '\0') == SLICE_NONE;
}

/* libgit2's own words may hold a file's bytes, so they are shown with care. */
static bool fail(struct error *e, const char *path)
{
    const git_error *last = git_error_last();
    struct buf shown = {0};
    text_add_visible(&shown, slice_of(path));
    buf_add_text(&shown, ": ");
    text_add_visible(&shown, slice_of(last ? last->message : "libgit2 gives no reason"));
    error_set(e, ERROR_UPSTREAM, "cannot read the repository %s", buf_text(&shown));
    buf_free(&shown);
    return false;
}

static bool add_line(struct buf *body, const char *name, const git_oid *oid, const git_oid *peeled)
{
    char hex[OID_TEXT], behind[OID_TEXT] = "";
    git_oid_tostr(hex, sizeof hex, oid);
    if (peeled)
        git_oid_tostr(behind, sizeof behind, peeled);
    const char *attribute = peeled ? " peeled:" : "";
    size_t length =
        PKT_HEADER + strlen(hex) + 1 + strlen(name) + strlen(attribute) + strlen(behind) + 1;
    return buf_addf(body, "%04zx%s %s%s%s\n", length, hex, name, attribute, behind);
}

/* A ref that leads nowhere is passed over, as git does; so is a tag object that leads nowhere,
 * which must never be taken for a commit. */
static bool add_ref(git_repository *repository, const char *name, struct buf *body)
{
    git_oid oid;
    git_object *object = NULL, *behind = NULL;
    bool fits = true;
    if (git_reference_name_to_id(&oid, repository, name) != 0 ||
        git_object_lookup(&object, repository, &oid, GIT_OBJECT_ANY) != 0)
        goto out;
    if (git_object_type(object) != GIT_OBJECT_TAG)
        fits = add_line(body, name, &oid, NULL);
    else if (git_object_peel(&behind, object, GIT_OBJECT_ANY) == 0)
        fits = add_line(body, name, &oid, git_object_id(behind));
out:
    git_object_free(behind);
    git_object_free(object);
    return fits;
}

static bool add_refs(git_repository *repository, struct buf *body, const char *path,
                     struct error *e)
{
    git_reference_iterator *iterator = NULL;
    const char *name = NULL;
    bool fits = add_ref(repository, "HEAD", body);
    int status = git_reference_iterator_new(&iterator, repository);
    while (fits && status == 0 && (status = git_reference_next_name(&name, iterator)) == 0)
        fits = add_ref(repository, name, body);
    git_reference_iterator_free(iterator);
    if (!fits || (status == GIT_ITEROVER && !buf_add_text(body, "0000")))
        return error_set(e, ERROR_UPSTREAM, "the repository has too many refs to read");
    return status == GIT_ITEROVER || fail(e, path);
}

bool git_local_refs(const char *path, struct buf *body, struct error *e)
{
    git_repository *repository = NULL;
    git_libgit2_init();
    int status = git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
    bool ok = status == 0 ? add_refs(repository, body, path, e) : fail(e, path);
    git_repository_free(repository);
    git_libgit2_shutdown();
    return ok;
}
