"""As much of GraphQL as a test double needs: one operation, variables, arguments, aliases, inline
fragments. Values are dicts, lists and plain values; a callable member is called with its arguments.
A field that is not there is an error, as it would be to a server with a schema."""

import re

TOKEN = re.compile(r'\s*(?:,|#[^\n]*)*\s*(\.\.\.|[{}()\[\]:!$=@]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)')


class GraphQLError(Exception):
    def __init__(self, message, kind=None):
        super().__init__(message)
        self.kind = kind


def tokens(text):
    at, found = 0, []
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise GraphQLError(f"Parse error on {text[at:at + 10]!r}")
        found.append(match.group(1))
        at = match.end()
    return found


class Parser:
    def __init__(self, text, variables):
        self.tokens, self.at, self.variables, self.declared = tokens(text), 0, variables, {}

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected and token != expected):
            raise GraphQLError(f"Parse error: expected {expected}, found {token}")
        self.at += 1
        return token

    def has(self, token):
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def operation(self):
        kind = "query"
        if self.peek() != "{":
            kind = self.take()
            if kind not in ("query", "mutation"):
                raise GraphQLError(f"Parse error on {kind}")
            if self.peek() not in ("(", "{"):
                self.take()
            if self.has("("):
                self.declarations()
        selection = self.selection()
        if self.peek() is not None:
            raise GraphQLError("Parse error: one operation only")
        return kind, selection

    def declarations(self):
        while not self.has(")"):
            self.take("$")
            name = self.take()
            self.take(":")
            kind = ""
            while self.peek() not in ("$", ")", "="):
                kind += self.take()
            if self.has("="):
                self.value()
            self.declared[name] = kind
            if kind.endswith("!") and self.variables.get(name) is None:
                raise GraphQLError(f"Variable ${name} of type {kind} was provided invalid value")

    def value(self):
        token = self.take()
        if token == "$":
            name = self.take()
            if name not in self.declared:
                raise GraphQLError(f"Variable ${name} is used but not declared")
            return self.variables.get(name)
        if token == "{":
            found = {}
            while not self.has("}"):
                name = self.take()
                self.take(":")
                found[name] = self.value()
            return found
        if token == "[":
            found = []
            while not self.has("]"):
                found.append(self.value())
            return found
        if token[0] == '"':
            return token[1:-1].encode().decode("unicode_escape")
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)

    def arguments(self):
        found = {}
        if self.has("("):
            while not self.has(")"):
                name = self.take()
                self.take(":")
                found[name] = self.value()
        return found

    def selection(self):
        found = []
        self.take("{")
        while not self.has("}"):
            if self.has("..."):
                kind = self.take() and self.take()
                found.append(("...", kind, {}, self.selection()))
                continue
            name = alias = self.take()
            if self.has(":"):
                name = self.take()
            arguments = self.arguments()
            found.append((alias, name, arguments, self.selection() if self.peek() == "{" else None))
        return found


def project(value, selection):
    if isinstance(value, list):
        return [project(item, selection) for item in value]
    if value is None or selection is None:
        if isinstance(value, dict):
            raise GraphQLError("Field must have selections")
        return value
    if not isinstance(value, dict):
        raise GraphQLError("Selections can't be made on scalars")
    found = {}
    for alias, name, arguments, below in selection:
        if alias == "...":
            if value.get("__typename") == name:
                found.update(project(value, below))
            continue
        if name not in value:
            raise GraphQLError(f"Field '{name}' doesn't exist on type '{value.get('__typename', '?')}'")
        member = value[name]
        found[alias] = project(member(**arguments) if callable(member) else member, below)
    return found


def execute(document, variables, query, mutation):
    """The answer's body: data, or errors with data null."""
    try:
        kind, selection = Parser(document, variables or {}).operation()
        return {"data": project(query if kind == "query" else mutation, selection)}
    except GraphQLError as error:
        told = {"message": str(error)}
        if error.kind:
            told["type"] = error.kind
        return {"data": None, "errors": [told]}
    except TypeError as error:  # an argument that the field does not take
        return {"errors": [{"message": f"argument: {error}"}]}
