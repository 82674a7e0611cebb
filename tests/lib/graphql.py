"""GraphQL as far as mwatch's queries go: parsed by the grammar, checked against a schema of tables, executed on
plain objects. What a server refuses is refused: unknown fields and arguments, fragments and variables that are
declared and not used, or used and not declared."""

import re

TOKEN = re.compile(r'[\s,]+|(?P<token>\.\.\.|[!$(){}:=\[\]]|[A-Za-z_]\w*|-?\d+|"(?:[^"\\\n]|\\.)*")')


class Fault(Exception):
    """The query is not valid."""


class Parser:
    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise Fault(f"unexpected {text[at:at + 20]!r}")
            if match.group("token"):
                self.tokens.append(match.group("token"))
            at = match.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self, expected=None):
        token = self.peek()
        if expected and token != expected:
            raise Fault(f"{expected!r} is due, not {token!r}")
        self.at += 1
        return token

    def document(self):
        query, fragments = None, {}
        while self.peek():
            if self.peek() == "fragment":
                self.next()
                name = self.next()
                self.next("on")
                fragments[name] = (self.next(), self.selection())
            else:
                self.next("query")
                query = (self.declarations(), self.selection())
        return query, fragments

    def declarations(self):
        found = {}
        if self.peek() == "(":
            self.next()
            while self.peek() != ")":
                self.next("$")
                name = self.next()
                self.next(":")
                found[name] = self.next() + (self.next() if self.peek() == "!" else "")
            self.next()
        return found

    def selection(self):
        fields = []
        self.next("{")
        while self.peek() != "}":
            if self.peek() == "...":
                self.next()
                fields.append(("...", self.next()))
            else:
                fields.append(self.field())
        self.next()
        if not fields:
            raise Fault("an empty selection")
        return fields

    def field(self):
        alias = name = self.next()
        if self.peek() == ":":
            self.next()
            name = self.next()
        arguments = self.arguments() if self.peek() == "(" else {}
        return alias, name, arguments, self.selection() if self.peek() == "{" else None

    def arguments(self):
        found = {}
        close = {"(": ")", "{": "}"}[self.next()]
        while self.peek() != close:
            name = self.next()
            self.next(":")
            found[name] = self.value()
        self.next()
        return found

    def value(self):
        if self.peek() == "{":
            return self.arguments()
        token = self.next()
        if token == "$":
            return ("$", self.next())
        return int(token) if re.fullmatch(r"-?\d+", token) else token


# type: {field: (arguments, type or None for a scalar)}; an argument's value is what its variable must be declared as.
SCHEMA = {
    "Query": {"repository": ({"owner": "String!", "name": "String!"}, "Repository")},
    "Repository": {
        "nameWithOwner": ({}, None),
        "latestRelease": ({}, "Release"),
        "release": ({"tagName": "String!"}, "Release"),
        "releases": ({"first": "Int", "after": "String", "orderBy": "ReleaseOrder"}, "ReleaseConnection"),
    },
    "ReleaseConnection": {"nodes": ({}, "Release"), "pageInfo": ({}, "PageInfo"), "totalCount": ({}, None)},
    "PageInfo": {"hasNextPage": ({}, None), "endCursor": ({}, None)},
    "Release": {
        **{name: ({}, None) for name in ("tagName", "name", "isDraft", "isPrerelease", "isLatest", "publishedAt",
                                         "createdAt", "url", "description")},
        "tagCommit": ({}, "Commit"),
        "releaseAssets": ({"first": "Int", "after": "String"}, "ReleaseAssetConnection"),
    },
    "Commit": {"oid": ({}, None)},
    "ReleaseAssetConnection": {"nodes": ({}, "ReleaseAsset"), "pageInfo": ({}, "PageInfo")},
    "ReleaseAsset": {name: ({}, None) for name in ("name", "size", "downloadUrl", "digest", "contentType")},
}


class Query:
    """A query, checked. `repositories` are its top fields: [(alias, {argument: value}, selection)]."""

    def __init__(self, text, variables):
        parser = Parser(text)
        (self.declared, self.fields), self.fragments = parser.document()
        self.variables = variables
        self.used, self.spread, self.cost = set(), set(), 0
        if set(variables) - set(self.declared):
            raise Fault("a variable is given that is not declared")
        for name, kind in self.declared.items():
            if kind.endswith("!") and variables.get(name) is None:
                raise Fault(f"variable ${name} is not given")
        self.check("Query", self.fields)
        if set(self.declared) - self.used:
            raise Fault(f"variables declared and not used: {sorted(set(self.declared) - self.used)}")
        if set(self.fragments) - self.spread:
            raise Fault("a fragment is not used")
        self.repositories = [(alias, self.given(arguments), selection)
                             for alias, _, arguments, selection in self.fields]

    def check(self, kind, selection, times=1):
        seen = {}
        for field in self.expand(kind, selection):
            alias, name, arguments, inner = field
            if seen.setdefault(alias, field) != field:
                raise Fault(f"{alias} means two things")
            if name not in SCHEMA[kind]:
                raise Fault(f"Field '{name}' doesn't exist on type '{kind}'")
            wanted, inner_kind = SCHEMA[kind][name]
            self.check_arguments(name, arguments, wanted)
            if (inner is None) != (inner_kind is None):
                raise Fault(f"{name} has a selection where none is due, or none where one is")
            first = 1
            if inner_kind and inner_kind.endswith("Connection"):
                first = self.given(arguments).get("first")
                if not isinstance(first, int) or not 1 <= first <= 100:
                    raise Fault(f"{name} must be asked with `first` of 1 to 100")
                self.cost += times
            if inner:
                self.check(inner_kind, inner, times * first)

    def check_arguments(self, name, arguments, wanted):
        for argument, value in arguments.items():
            if argument not in wanted:
                raise Fault(f"Field '{name}' doesn't accept argument '{argument}'")
            if isinstance(value, tuple):
                self.used.add(value[1])
                if self.declared.get(value[1], "").rstrip("!") != wanted[argument].rstrip("!"):
                    raise Fault(f"${value[1]} is of another type than {argument}")
        for argument, kind in wanted.items():
            if kind.endswith("!") and argument not in arguments:
                raise Fault(f"Field '{name}' is missing argument '{argument}'")

    def expand(self, kind, selection):
        for field in selection:
            if field[0] != "...":
                yield field
                continue
            if field[1] not in self.fragments or self.fragments[field[1]][0] != kind:
                raise Fault(f"fragment {field[1]} does not fit here")
            self.spread.add(field[1])
            yield from self.expand(kind, self.fragments[field[1]][1])

    def given(self, arguments):
        return {name: self.variables[value[1]] if isinstance(value, tuple) else value
                for name, value in arguments.items()}

    def execute(self, kind, selection, value):
        """`value`: a dict whose members are values or functions of the field's arguments."""
        if value is None:
            return None
        if isinstance(value, list):
            return [self.execute(kind, selection, item) for item in value]
        found = {}
        for alias, name, arguments, inner in self.expand(kind, selection):
            member = value.get(name)
            member = member(**self.given(arguments)) if callable(member) else member
            found[alias] = self.execute(SCHEMA[kind][name][1], inner, member) if inner else member
        return found
