"""What GitHub's GraphQL shows of the double: members and arguments as its public schema names them."""

import graphql_subset

ZERO = "0" * 40


def actor(who):
    """An App is called without [bot] here, unlike in REST."""
    bot = who.kind in ("Bot", "App")
    return {"__typename": "Bot" if bot else "User", "login": who.login.removesuffix("[bot]") if bot else who.login}


def nodes(values):
    return {"nodes": values, "totalCount": len(values), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def issue(item):
    repo = item.repo
    return {"__typename": "Issue", "id": item.node, "number": item.number, "title": item.title,
            "url": item.view()["html_url"], "body": item.body or "", "state": item.state.upper(),
            "createdAt": item.created_at, "closedAt": item.closed_at, "author": actor(item.author),
            "authorAssociation": item.association,
            "labels": lambda first: nodes([{"name": name} for name in item.labels][:first]),
            "assignees": lambda first: nodes([{"login": login} for login in item.assignees][:first]),
            "milestone": {"title": item.milestone} if item.milestone else None,
            "repository": {"name": repo.name}}


def issues(repo):
    def page(first, after=None, orderBy=None):
        if not 1 <= first <= 100:
            raise graphql_subset.GraphQLError("first is out of range", "EXCESSIVE_PAGINATION")
        if orderBy not in (None, {"field": "CREATED_AT", "direction": "ASC"}):
            raise graphql_subset.GraphQLError("the double: no such order")
        found = [item for item in repo.items.values() if not item.pull]
        start = int(after[6:]) if after else 0
        part = found[start:start + first]
        end = start + len(part)
        return {"__typename": "IssueConnection", "totalCount": len(found), "nodes": [issue(item) for item in part],
                "pageInfo": {"hasNextPage": end < len(found), "endCursor": f"cursor{end}" if part else None}}
    return page


def repository(hub, request):
    def find(owner, name):
        repo = hub.repository(f"{owner}/{name}") or hub.renamed.get(f"{owner}/{name}".lower())
        if repo is None or request.who is None:
            raise graphql_subset.GraphQLError(
                f"Could not resolve to a Repository with the name '{owner}/{name}'.", "NOT_FOUND")
        repo.follow()
        return {"__typename": "Repository", "id": repo.node, "nameWithOwner": repo.full, "issues": issues(repo),
                "viewerPermission": request.who.permission.upper(), "autoMergeAllowed": repo.allow_auto_merge,
                "squashMergeAllowed": "SQUASH" in repo.methods, "mergeCommitAllowed": "MERGE" in repo.methods,
                "rebaseMergeAllowed": "REBASE" in repo.methods, "isArchived": repo.archived}
    return find


def check_right(request, right):
    who = request.who
    if who.rights is not None and who.rights.get(right) != "write":
        raise graphql_subset.GraphQLError("Resource not accessible by integration", "FORBIDDEN")
    if who.permission == "read":
        raise graphql_subset.GraphQLError("Resource not accessible by personal access token", "FORBIDDEN")


def auto_merge(hub, request):
    def refuse(why):
        raise graphql_subset.GraphQLError(why, "UNPROCESSABLE")

    def enable(input):
        item = next((item for repo in hub.repositories for item in repo.items.values()
                     if item.pull and item.node == input["pullRequestId"]), None)
        if item is None:
            raise graphql_subset.GraphQLError(f"Could not resolve to a node with the global id of "
                                              f"'{input['pullRequestId']}'", "NOT_FOUND")
        item.repo.follow()
        check_right(request, "pull_requests")
        repo, pull, method = item.repo, item.pull, input.get("mergeMethod", "MERGE")
        if not repo.allow_auto_merge:
            refuse("Pull request Auto merge is not allowed for this repository")
        if item.state != "open":
            refuse("Pull request Pull request is closed")
        if pull.draft:
            refuse("Pull request Pull request is a draft")
        if method not in repo.methods:
            refuse(f"Merge method {method.lower()} merging is not allowed on this repository")
        if input.get("expectedHeadOid") not in (None, pull.sha):
            refuse(f"Head sha didn't match expected {input['expectedHeadOid']}")
        if pull.status() != "blocked":
            refuse(f"Pull request Pull request is in {pull.status()} status")
        pull.auto_merge = method
        item.event({"SQUASH": "auto_squash_enabled", "REBASE": "auto_rebase_enabled"}.get(method, "auto_merge_enabled"),
                   actor=request.who.public())
        return {"clientMutationId": None, "pullRequest": {
            "number": item.number, "autoMergeRequest": {"enabledAt": "2026-05-06T08:34:24Z", "mergeMethod": method}}}
    return enable


def no_auto_merge(hub, request):
    def disable(input):
        item = next((item for repo in hub.repositories for item in repo.items.values()
                     if item.pull and item.node == input["pullRequestId"]), None)
        if item is None:
            raise graphql_subset.GraphQLError(f"Could not resolve to a node with the global id of "
                                              f"'{input['pullRequestId']}'", "NOT_FOUND")
        check_right(request, "pull_requests")
        if not item.pull.auto_merge:
            raise graphql_subset.GraphQLError("Can't disable auto-merge for this pull request.", "UNPROCESSABLE")
        item.pull.auto_merge = None
        item.event("auto_merge_disabled", actor=request.who.public())
        return {"clientMutationId": None, "pullRequest": {"number": item.number, "autoMergeRequest": None}}
    return disable


def update_refs(hub, request):
    def update(input):
        repo = next((repo for repo in hub.repositories if repo.node == input["repositoryId"]), None)
        if repo is None:
            raise graphql_subset.GraphQLError("Could not resolve to a node", "NOT_FOUND")
        check_right(request, "contents")
        for one in input["refUpdates"]:
            now = repo.git.ref(one["name"]) or ZERO
            if one.get("beforeOid") not in (None, now):
                raise graphql_subset.GraphQLError(f"Reference {one['name']} is not at {one['beforeOid']}",
                                                  "UNPROCESSABLE")
            if not one.get("force") and now != ZERO and not repo.git.is_ancestor(now, one["afterOid"]):
                raise graphql_subset.GraphQLError("Update is not a fast forward", "UNPROCESSABLE")
            repo.git.move(one["name"], one["afterOid"])
        return {"clientMutationId": input.get("clientMutationId")}
    return update


def roots(hub, request):
    """What a query and what a mutation may select."""
    who = request.who
    return ({"__typename": "Query", "viewer": {"__typename": "User", "login": who.login},
             "repository": repository(hub, request),
             "rateLimit": {"cost": 1, "remaining": 4999}},
            {"__typename": "Mutation", "enablePullRequestAutoMerge": auto_merge(hub, request),
             "disablePullRequestAutoMerge": no_auto_merge(hub, request),
             "updateRefs": update_refs(hub, request)})
