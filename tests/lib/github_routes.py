"""The REST calls of the double, as GitHub's description has them (version 2022-11-28)."""

import base64
import json
import re

from github_double import BODY_MOST, PAGED, Pull, Refusal, invalid, moment, route

REPO = "/repos/{owner}/{repo}"


# ---- whose token, which App

@route("GET", "/user")
def user(hub, request):
    if request.who.rights is not None:
        raise Refusal(403, "Resource not accessible by integration")
    return 200, request.who.public()


@route("GET", "/app")
def app(hub, request):
    return 200, {"slug": request.who.login.removesuffix("[bot]"), "id": 1}


def app_of(hub, request):
    slug = request.who.login.removesuffix("[bot]")
    if request.who.kind != "App":
        raise Refusal(401, "A JSON web token could not be decoded")
    return next(known for known in hub.apps.values() if known["slug"] == slug)


def installation_view(known, owner):
    return {"id": known["owners"][owner], "app_slug": known["slug"], "account": {"login": owner},
            "permissions": known["rights"], "suspended_at": moment() if known["suspended"] else None}


@route("GET", "/app/installations", query=PAGED)
def installations(hub, request):
    known = app_of(hub, request)
    return 200, request.page([installation_view(known, owner) for owner in known["owners"]])


@route("GET", REPO + "/installation")
def installation(hub, request):
    known = app_of(hub, request)
    if request.repo.owner not in known["owners"]:
        raise Refusal(404, "Not Found")
    return 200, installation_view(known, request.repo.owner)


@route("POST", "/app/installations/{number}/access_tokens", body="repositories permissions")
def access_token(hub, request, number):
    known = app_of(hub, request)
    if known["suspended"]:
        raise Refusal(403, "This installation has been suspended")
    return 201, hub.new_installation_token(known, int(number))


# ---- the repository

@route("GET", REPO)
def repository(hub, request):
    repo, who = request.repo, request.who
    push = who.rights is None and who.permission in ("write", "admin")
    return 200, {"id": repo.id, "node_id": repo.node, "name": repo.name, "full_name": repo.full, "private": True,
                 "owner": {"login": repo.owner}, "default_branch": repo.default_branch, "archived": repo.archived,
                 "has_issues": repo.has_issues,
                 "permissions": {"admin": False, "maintain": False, "push": push, "triage": push,
                                 "pull": who.rights is None}}


@route("GET", REPO + "/labels", query=PAGED)
def labels(hub, request):
    return 200, request.page(list(request.repo.labels.values()))


@route("POST", REPO + "/labels", body="name! color description", right="issues")
def create_label(hub, request):
    name, color = request.body["name"], request.body.get("color", "ededed")
    if len(name) > 50:
        raise invalid("Label", "name", "custom", "name is too long (maximum is 50 characters)")
    if not re.fullmatch("[0-9a-fA-F]{6}", color):
        raise invalid("Label", "color")
    if name.lower() in request.repo.labels:
        raise invalid("Label", "name", "already_exists")
    request.repo.labels[name.lower()] = {"name": name, "color": color}
    return 201, request.repo.labels[name.lower()]


@route("GET", REPO + "/branches/{branch}")
def branch(hub, request, branch):
    repo, contexts = request.repo, request.repo.protection
    sha = repo.git.branch(branch)
    if sha is None:
        raise Refusal(404, "Branch not found")
    checks = {"enforcement_level": "non_admins" if contexts else "off", "contexts": contexts or [],
              "checks": [{"context": name, "app_id": None} for name in contexts or []]}
    return 200, {"name": branch, "commit": {"sha": sha}, "protected": contexts is not None,
                 "protection": {"enabled": contexts is not None, "required_status_checks": checks}}


@route("GET", REPO + "/rules/branches/{branch}", query=PAGED)
def rules(hub, request, branch):
    return 200, request.page(request.repo.rules)


@route("GET", REPO + "/milestones", query=("state", *PAGED))
def milestones(hub, request):
    state = request.query.get("state", "open")
    found = [{"number": number, "title": title, "state": "open"}
             for number, title in enumerate(request.repo.milestones, 1)]
    return 200, request.page(found if state in ("open", "all") else [])


# ---- pull requests

def check_texts(request, resource):
    if "title" in request.body and not request.body["title"]:
        raise invalid(resource, "title", "missing_field")
    if len(request.body.get("body") or "") > BODY_MOST:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY_MOST} characters)")


def matches_head(repo, item, head):
    """GitHub ignores what is not user:branch."""
    owner, colon, branch = (head or "").partition(":")
    if not colon:
        return True
    from_owner = item.pull.from_fork.split("/")[0] if item.pull.from_fork else repo.owner
    return from_owner.lower() == owner.lower() and item.pull.head == branch


@route("GET", REPO + "/pulls", query=("state", "head", "base", "sort", "direction", *PAGED))
def pulls(hub, request):
    state, repo = request.query.get("state", "open"), request.repo
    found = [item for item in reversed(repo.items.values()) if item.pull and state in ("all", item.state)
             and matches_head(repo, item, request.query.get("head"))
             and request.query.get("base") in (None, item.pull.base)]
    if request.query.get("sort") == "updated":
        found.sort(key=lambda item: item.updated_at, reverse=request.query.get("direction") == "desc")
    return 200, [item.view() for item in request.page(found)]


@route("POST", REPO + "/pulls", body="title head! base! body draft maintainer_can_modify issue head_repo",
       right="pull_requests")
def create_pull(hub, request):
    repo, body = request.repo, request.body
    check_texts(request, "PullRequest")
    if not body.get("title"):
        raise invalid("PullRequest", "title", "missing_field")
    head = body["head"].removeprefix(f"{repo.owner}:")
    tip, base = repo.git.branch(head), repo.git.branch(body["base"])
    if tip is None:
        raise invalid("PullRequest", "head")
    if base is None:
        raise invalid("PullRequest", "base")
    if any(item.pull and item.state == "open" and item.pull.head == head and item.pull.base == body["base"]
           and not item.pull.from_fork for item in repo.items.values()):
        raise Refusal(422, "Validation Failed", [{
            "resource": "PullRequest", "code": "custom",
            "message": f"A pull request already exists for {repo.owner}:{head}."}])
    if repo.git.ahead(base, tip) == 0:
        raise Refusal(422, "Validation Failed", [{
            "resource": "PullRequest", "code": "custom", "message": f"No commits between {body['base']} and {head}"}])
    if body.get("draft") and not repo.drafts_allowed:
        raise Refusal(422, "Draft pull requests are not supported in this repository.")
    item = repo.new_item(request.who, body)
    Pull(item, body["base"], head, bool(body.get("draft")))
    return 201, item.view()


@route("GET", REPO + "/pulls/{number}")
def pull(hub, request, number):
    return 200, request.repo.item(number, pull=True).view()


@route("PATCH", REPO + "/pulls/{number}", body="title body state base maintainer_can_modify",
       right="pull_requests")
def update_pull(hub, request, number):
    repo, item, body = request.repo, request.repo.item(number, pull=True), request.body
    check_texts(request, "PullRequest")
    if body.get("state") == "open" and item.state != "open" and repo.git.branch(item.pull.head) is None:
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "invalid", "field": "state",
                                                  "message": "state cannot be changed. The "
                                                             f"{item.pull.head} branch has been deleted."}])
    if "base" in body and repo.git.branch(body["base"]) is None:
        raise invalid("PullRequest", "base")
    item.title, item.body = body.get("title", item.title), body.get("body", item.body)
    item.pull.base = body.get("base", item.pull.base)
    item.touch()
    if "state" in body:
        item.set_state(body["state"])
    return 200, item.view()


@route("PUT", REPO + "/pulls/{number}/merge", body="merge_method sha commit_title commit_message",
       right="contents")
def merge(hub, request, number):
    repo, item = request.repo, request.repo.item(number, pull=True)
    one = item.pull
    base = repo.git.branch(one.base)
    tree = repo.git.merged_tree(base, one.sha)
    if item.state != "open" or tree is None:
        raise Refusal(405, "Pull Request is not mergeable")
    parents = [base] if request.body.get("merge_method") == "squash" else [base, one.sha]
    commit = repo.git.commit(tree, parents, f"Merge pull request #{item.number}")
    repo.git.move(f"refs/heads/{one.base}", commit, base)
    one.merged_at = moment()
    item.set_state("closed")
    return 200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"}


@route("POST", REPO + "/pulls/{number}/requested_reviewers", body="reviewers team_reviewers",
       right="pull_requests")
def request_reviewers(hub, request, number):
    repo, item = request.repo, request.repo.item(number, pull=True)
    people, teams = request.body.get("reviewers", []), request.body.get("team_reviewers", [])
    if item.author.login in people:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    if set(people) - repo.collaborators or set(teams) - repo.teams:
        raise Refusal(422, "Reviews may only be requested from collaborators. One or more of the users or teams you "
                           f"specified is not a collaborator of the {repo.full} repository.")
    for login in people:
        if login not in item.pull.reviewers:
            item.pull.reviewers.append(login)
            item.event("review_requested", requested_reviewer={"login": login})
    for slug in teams:
        if slug not in item.pull.teams:
            item.pull.teams.append(slug)
            item.event("review_requested", requested_team={"slug": slug})
    return 201, item.view()


# ---- issues, and what pull requests share with them

@route("GET", REPO + "/issues", query=("state", "labels", "creator", "since", "sort", "direction", *PAGED))
def issues(hub, request):
    state = request.query.get("state", "open")
    found = [item for item in reversed(request.repo.items.values()) if state in ("all", item.state)]
    return 200, [{**item.view(), **({"pull_request": {}} if item.pull else {})} for item in request.page(found)]


@route("POST", REPO + "/issues", body="title! body labels assignees milestone", right="issues")
def create_issue(hub, request):
    repo, body = request.repo, request.body
    if not repo.has_issues:
        raise Refusal(410, "Issues has been disabled in this repository.")
    check_texts(request, "Issue")
    for login in body.get("assignees", []):
        if login not in repo.collaborators:
            raise Refusal(422, "Validation Failed", [{"value": login, "resource": "Issue", "field": "assignees",
                                                      "code": "invalid"}])
    item = repo.new_item(request.who, body)
    item.add_labels(body.get("labels", []))
    return 201, item.view()


@route("GET", REPO + "/issues/{number}")
def issue(hub, request, number):
    return 200, request.repo.item(number).view()


@route("PATCH", REPO + "/issues/{number}", body="title body state state_reason labels assignees milestone",
       right="issues")
def update_issue(hub, request, number):
    repo, item, body = request.repo, request.repo.item(number), request.body
    check_texts(request, "Issue")
    item.title, item.body = body.get("title", item.title), body.get("body", item.body)
    item.touch()
    if "milestone" in body:
        if body["milestone"] and not 1 <= body["milestone"] <= len(repo.milestones):
            raise invalid("Issue", "milestone")
        item.milestone = repo.milestones[body["milestone"] - 1] if body["milestone"] else None
        if item.milestone:
            item.event("milestoned", milestone={"title": item.milestone})
    if "state" in body:
        if body.get("state_reason") not in (None, "completed", "not_planned", "duplicate", "reopened"):
            raise invalid("Issue", "state_reason")
        item.set_state(body["state"], body.get("state_reason"))
    return 200, item.view()


@route("POST", REPO + "/issues/{number}/labels", body="labels!", right="issues")
def add_labels(hub, request, number):
    item = request.repo.item(number)
    item.add_labels(request.body["labels"])
    return 200, [request.repo.labels[name.lower()] for name in item.labels]


@route("DELETE", REPO + "/issues/{number}/labels/{name}", right="issues")
def remove_label(hub, request, number, name):
    item = request.repo.item(number)
    item.labels = [label for label in item.labels if label.lower() != name.lower()]
    item.event("unlabeled", label={"name": name, "color": "ededed"})
    return 200, []


@route("POST", REPO + "/issues/{number}/assignees", body="assignees", right="issues")
def add_assignees(hub, request, number):
    item = request.repo.item(number)
    for login in request.body["assignees"]:
        if login in request.repo.collaborators and login not in item.assignees:
            item.assignees.append(login)
            item.event("assigned", assignee={"login": login})
    return 201, item.view()


@route("GET", REPO + "/issues/{number}/comments", query=("since", *PAGED))
def comments(hub, request, number):
    return 200, request.page(request.repo.item(number).comments)


@route("POST", REPO + "/issues/{number}/comments", body="body!", right="issues")
def add_comment(hub, request, number):
    item = request.repo.item(number)
    if not request.body["body"].strip():
        raise invalid("IssueComment", "body", "missing_field")
    check_texts(request, "IssueComment")
    item.comments.append({"id": len(item.comments) + 1, "body": request.body["body"],
                          "user": request.who.public(), "created_at": moment()})
    return 201, item.comments[-1]


@route("GET", REPO + "/issues/{number}/events", query=PAGED)
def events(hub, request, number):
    return 200, request.page(request.repo.item(number).events)


# ---- git data

def check_object(repo, sha, kind, resource="object"):
    if not isinstance(sha, str) or not re.fullmatch("[0-9a-f]{40}", sha) or repo.git.kind(sha) != kind:
        raise Refusal(422, f"{resource} SHA does not exist or is not a {kind} object")


@route("POST", REPO + "/git/blobs", body="content! encoding", right="contents")
def create_blob(hub, request):
    content = request.body["content"]
    data = base64.b64decode(content) if request.body.get("encoding") == "base64" else content.encode()
    return 201, {"sha": request.repo.git.blob(data)}


@route("GET", REPO + "/git/trees/{sha}", query=("recursive",))
def tree(hub, request, sha):
    check_object(request.repo, sha, "tree")
    return 200, {"sha": sha, "truncated": False, "tree": list(request.repo.git.list_tree(sha))}


@route("POST", REPO + "/git/trees", body="tree! base_tree", right="contents")
def create_tree(hub, request):
    repo, entries = request.repo, []
    if request.body.get("base_tree"):
        check_object(repo, request.body["base_tree"], "tree", "base_tree")
    for entry in request.body["tree"]:
        if set(entry) - {"path", "mode", "type", "sha", "content"} or ("sha" in entry) == ("content" in entry):
            raise Refusal(422, "Must supply either tree.sha or tree.content, not both")
        if entry["mode"] not in ("100644", "100755", "040000", "160000", "120000"):
            raise Refusal(422, "tree.mode is invalid")
        sha = entry["sha"] if "sha" in entry else repo.git.blob(entry["content"].encode())
        entries.append((entry["mode"], sha, entry["path"]))
    return 201, {"sha": repo.git.tree(request.body.get("base_tree"), entries), "truncated": False}


@route("GET", REPO + "/git/commits/{sha}")
def commit(hub, request, sha):
    if not re.fullmatch("[0-9a-f]{40}", sha) or request.repo.git.kind(sha) != "commit":
        raise Refusal(404, "Not Found")
    return 200, {"sha": sha, "tree": {"sha": request.repo.git.run("rev-parse", f"{sha}^{{tree}}")}}


@route("POST", REPO + "/git/commits", body="message! tree! parents author committer signature", right="contents")
def create_commit(hub, request):
    repo, body, who = request.repo, request.body, request.who
    check_object(repo, body["tree"], "tree", "Tree")
    for parent in body.get("parents", []):
        check_object(repo, parent, "commit", "Parent")
    sha = repo.git.commit(body["tree"], body.get("parents", []), body["message"], who.login)
    verified = who.kind == "Bot" and not body.get("author") and not body.get("committer")
    if verified:
        repo.verified.append(sha)
    return 201, {"sha": sha, "verification": {"verified": verified}}


def ref_view(ref, sha):
    return {"ref": ref, "object": {"type": "commit", "sha": sha}}


@route("GET", REPO + "/git/ref/{*ref}")
def get_ref(hub, request, ref):
    sha = request.repo.git.ref(f"refs/{ref}")
    if sha is None:
        raise Refusal(404, "Not Found")
    return 200, ref_view(f"refs/{ref}", sha)


@route("POST", REPO + "/git/refs", body="ref! sha!", right="contents")
def create_ref(hub, request):
    repo, ref, sha = request.repo, request.body["ref"], request.body["sha"]
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise Refusal(422, "Reference name must start with 'refs/'")
    check_object(repo, sha, "commit")
    if repo.git.ref(ref):
        raise Refusal(422, "Reference already exists")
    if not repo.git.move(ref, sha, ""):
        raise Refusal(422, f"{ref} is not a valid ref name.")
    return 201, ref_view(ref, sha)


@route("PATCH", REPO + "/git/refs/{*ref}", body="sha! force", right="contents")
def update_ref(hub, request, ref):
    repo, sha = request.repo, request.body["sha"]
    now = repo.git.ref(f"refs/{ref}")
    if now is None:
        raise Refusal(422, "Reference does not exist")
    check_object(repo, sha, "commit")
    if not request.body.get("force") and not repo.git.is_ancestor(now, sha):
        raise Refusal(422, "Update is not a fast forward")
    repo.git.move(f"refs/{ref}", sha)
    return 200, ref_view(f"refs/{ref}", sha)


@route("DELETE", REPO + "/git/refs/{*ref}", right="contents")
def delete_ref(hub, request, ref):
    if request.repo.git.ref(f"refs/{ref}") is None:
        raise Refusal(422, "Reference does not exist")
    request.repo.git.delete(f"refs/{ref}")
    return 204, None


# ---- dispatches

@route("POST", REPO + "/dispatches", body="event_type! client_payload", right="contents")
def dispatch(hub, request):
    payload = request.body.get("client_payload", {})
    if not isinstance(payload, dict) or len(payload) > 10:
        raise Refusal(422, "Invalid request.\n\nNo more than 10 properties are allowed; "
                           f"{len(payload)} were supplied.")
    if len(json.dumps(payload, separators=(",", ":"))) >= 64 * 1024:
        raise Refusal(422, "client_payload is too large")
    request.repo.dispatches.append({"event": request.body["event_type"], "payload": payload})
    return 204, None


@route("GET", REPO + "/actions/workflows/{file}")
def workflow(hub, request, file):
    if file not in request.repo.workflows:
        raise Refusal(404, "Not Found")
    return 200, {"id": 1, "node_id": "W_1", "name": file, "path": f".github/workflows/{file}",
                 "state": request.repo.workflow_states.get(file, "active"), "created_at": moment(),
                 "updated_at": moment(), "url": "", "html_url": "", "badge_url": ""}


@route("POST", REPO + "/actions/workflows/{file}/dispatches", body="ref! inputs return_run_details",
       right="actions")
def dispatch_workflow(hub, request, file):
    repo = request.repo
    if file not in repo.workflows:
        raise Refusal(404, "Not Found")
    inputs, known = request.body.get("inputs", {}), repo.workflows[file]
    if known is False:
        raise Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    if known is not True and set(inputs) - set(known):
        raise Refusal(422, f"Unexpected inputs provided: {json.dumps(sorted(set(inputs) - set(known)))}")
    if len(json.dumps(inputs)) > 65535 or not all(isinstance(value, str) for value in inputs.values()):
        raise Refusal(422, "inputs are too large")
    if repo.git.branch(request.body["ref"]) is None:
        raise Refusal(422, f"No ref found for: {request.body['ref']}")
    repo.dispatches.append({"workflow": file, "ref": request.body["ref"], "inputs": request.body.get("inputs", {})})
    return 204, None
