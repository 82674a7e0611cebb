/* Are these requests ones that GitHub would take? Reads JSON lines of requests (github_double.py writes
 * them) and GitHub's published descriptions, and prints for each operation a line of JSON:
 * {"name", "count", "errors": [...]}.
 *
 * usage: node openapi.cjs MODULES REQUESTS        with MODULES/node_modules */
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const modules = createRequire(path.resolve(process.argv[2], "node_modules/x.js"));
const Ajv = modules("ajv");
const formats = modules("ajv-formats");
const graphql = modules("graphql");

const read = (name) => fs.readFileSync(path.join(process.argv[2], "node_modules", name), "utf8");
/* OpenAPI's `nullable` beside alternatives and choices, as JSON Schema has it. */
const plain = (s) => {
  if (Array.isArray(s)) return s.map(plain);
  if (!s || typeof s !== "object") return s;
  const found = Object.fromEntries(Object.entries(s).filter(([key]) => key !== "example" && key !== "examples")
    .map(([key, value]) => [key, plain(value)]));
  if (found.nullable === true && found.enum && !found.enum.includes(null)) found.enum.push(null);
  if (found.nullable !== true || typeof found.type === "string") return found;
  delete found.nullable;
  return { anyOf: [found, { type: "null" }] };
};
const description = plain(JSON.parse(read("@octokit/openapi/generated/api.github.com.json")));
const schema = graphql.buildSchema(read("@octokit/graphql-schema/schema.graphql"), { assumeValid: true });

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
formats(ajv);
for (const format of ["repo.nwo", "timestamp", "ssh-key"]) ajv.addFormat(format, true);
ajv.addSchema(description, "github");

const escapePointer = (text) => text.replace(/~/g, "~0").replace(/\//g, "~1");
const resolve = (value) => {
  while (value && value.$ref)
    value = value.$ref.slice(2).split("/").reduce((at, key) => at[key.replace(/~1/g, "/").replace(/~0/g, "~")], description);
  return value;
};

/* ---- operations ---- */

const operations = [];
for (const [template, methods] of Object.entries(description.paths))
  for (const [method, operation] of Object.entries(methods)) {
    const parameters = (operation.parameters || []).map(resolve);
    const many = new Set(parameters.filter((p) => p["x-multi-segment"]).map((p) => p.name));
    const names = [];
    const expression = template.replace(/[.+]/g, "\\$&").replace(/\{(\w+)\}/g, (_, name) => {
      names.push(name);
      return many.has(name) ? "(.+)" : "([^/]+)";
    });
    operations.push({ method: method.toUpperCase(), template, operation, parameters, names, literal: template.replace(/\{\w+\}/g, "").length,
      expression: new RegExp(`^${expression}$`) });
  }
operations.sort((one, other) => other.literal - one.literal);

const find = (request) => {
  for (const o of operations) {
    const match = o.method === request.method && o.expression.exec(request.path);
    if (match) return { ...o, values: Object.fromEntries(o.names.map((name, i) => [name, decodeURIComponent(match[i + 1])])) };
  }
  return null;
};

/* ---- REST ---- */

const told = (errors) => (errors || []).map((e) => `${e.instancePath || "it"} ${e.message}`);

/* A parameter comes as a text. */
const typed = (text, s) => {
  const types = [s, ...(s.oneOf || []), ...(s.anyOf || [])].map((one) => resolve(one).type);
  if (types.includes("integer") && /^-?\d+$/.test(text)) return Number(text);
  if (types.includes("boolean") && /^(true|false)$/.test(text)) return text === "true";
  return text;
};

const checkParameters = (o, request) => {
  const errors = [];
  const queries = new Map(o.parameters.filter((p) => p.in === "query").map((p) => [p.name, p]));
  const check = (parameter, text) => {
    const validate = ajv.compile({ ...parameter.schema });
    if (!validate(typed(text, resolve(parameter.schema)))) errors.push(...told(validate.errors).map((t) => `${parameter.name}: ${t}`));
  };
  for (const parameter of o.parameters) if (parameter.in === "path") check(parameter, o.values[parameter.name]);
  for (const [name, value] of Object.entries(request.query))
    queries.has(name) ? check(queries.get(name), value) : errors.push(`there is no parameter ${name}`);
  for (const p of queries.values()) if (p.required && !(p.name in request.query)) errors.push(`parameter ${p.name} is missing`);
  return errors;
};

/* All members that a schema names anywhere; null when it lets any be. */
const members = (s) => {
  s = resolve(s);
  const parts = [...(s.oneOf || []), ...(s.anyOf || []), ...(s.allOf || [])].map(members);
  if (s.additionalProperties || (!s.properties && parts.length === 0)) return null;
  const found = { ...(s.properties || {}) };
  for (const part of parts) Object.assign(found, part || {});
  return found;
};

const unknown = (value, s, at) => {
  s = resolve(s);
  if (Array.isArray(value)) return s.items ? value.flatMap((item, i) => unknown(item, s.items, `${at}/${i}`)) : [];
  const known = value && typeof value === "object" ? members(s) : null;
  if (!known) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name in known ? unknown(inner, known[name], `${at}/${name}`) : [`there is no member ${at}/${name}`]);
};

const compiled = new Map();
const bodySchema = (o) => {
  const key = `${o.method} ${o.template}`;
  if (!compiled.has(key)) {
    const content = o.operation.requestBody && resolve(o.operation.requestBody).content["application/json"];
    const pointer = `github#/paths/${escapePointer(o.template)}/${o.method.toLowerCase()}/requestBody/content/application~1json/schema`;
    compiled.set(key, content ? { schema: content.schema, validate: ajv.compile({ $ref: encodeURI(pointer).replace(/%25/g, "%") }) } : null);
  }
  return compiled.get(key);
};

const checkBody = (o, request) => {
  const body = bodySchema(o);
  const required = o.operation.requestBody && resolve(o.operation.requestBody).required;
  if (request.body === null) return required ? ["a body is missing"] : [];
  if (!body) return ["no body is due"];
  return [...(body.validate(request.body) ? [] : told(body.validate.errors)), ...unknown(request.body, body.schema, "")];
};

const checkHeaders = (request, rest) => {
  const errors = [];
  const wanted = { accept: /^application\/vnd\.github\+json$/, "user-agent": /^mwatch\/\d/ };
  if (rest) wanted["x-github-api-version"] = /^2022-11-28$/;
  if (request.body !== null) wanted["content-type"] = /^application\/json$/;
  for (const [name, form] of Object.entries(wanted))
    if (!form.test(request.headers[name] || "")) errors.push(`header ${name}: ${request.headers[name]}`);
  return errors;
};

/* What the double answered has GitHub's types. It leaves out what nobody reads, so that nothing is
 * required, and then more than one alternative may fit. */
const lenient = (s) =>
  Array.isArray(s) ? s.map(lenient) : s && typeof s === "object"
    ? Object.fromEntries(Object.entries(s).filter(([key, value]) => !(key === "required" && Array.isArray(value)) && key !== "format")
        .map(([key, value]) => [key === "oneOf" ? "anyOf" : key, lenient(value)]))
    : s;
let loose = null;
const answers = new Map();
const checkAnswer = (o, request) => {
  if (!request.answer || request.answer.body === null || request.answer.made) return [];
  if (!loose) {
    loose = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    loose.addSchema({ components: lenient(description.components) }, "loose");
  }
  const answer = resolve((o.operation.responses || {})[String(request.answer.status)]);
  const content = answer && answer.content && answer.content["application/json"];
  if (!content) return [];
  const key = `${o.method} ${o.template} ${request.answer.status}`;
  if (!answers.has(key))
    answers.set(key, loose.compile(JSON.parse(JSON.stringify(lenient(content.schema)).replace(/"#\/components/g, '"loose#/components'))));
  const validate = answers.get(key);
  return validate(request.answer.body) ? [] : told(validate.errors).map((text) => `answer: ${text}`);
};

const checkRest = (request) => {
  request = { ...request, path: request.path.replace(/^\/api\/v3/, "") };
  const listed = { ...request, path: request.path.replace(/^\/repositories\/\d+/, "/repos/o/n") }; /* where Link leads */
  const o = find(listed);
  if (!o) return { name: `${request.method} ${request.path}`, errors: ["there is no such operation"] };
  return { name: `${o.method} ${o.template}`,
    errors: [...checkParameters(o, listed), ...checkBody(o, listed), ...checkHeaders(request, true), ...checkAnswer(o, listed)] };
};

/* ---- GraphQL ---- */

const documents = new Map();
const checkGraphql = (request) => {
  const { query, variables } = request.body;
  if (!documents.has(query)) {
    const document = graphql.parse(query);
    documents.set(query, { document, errors: graphql.validate(schema, document).map((e) => e.message) });
  }
  const { document, errors } = documents.get(query);
  const operation = document.definitions[0];
  const name = `${operation.operation} { ${operation.selectionSet.selections.map((one) => one.name.value).join(" ")} }`;
  const { getVariableValues } = modules("graphql/execution/values");
  const coerced = getVariableValues(schema, operation.variableDefinitions || [], variables || {});
  return { name, errors: [...errors, ...(coerced.errors || []).map((e) => e.message), ...checkHeaders(request, false)] };
};

const results = new Map();
for (const line of fs.readFileSync(process.argv[3], "utf8").split("\n").filter(Boolean)) {
  const request = JSON.parse(line);
  const { name, errors } = request.path.endsWith("/graphql") ? checkGraphql(request) : checkRest(request);
  const result = results.get(name) || { name, count: 0, errors: [] };
  result.count++;
  for (const error of errors) if (!result.errors.includes(error)) result.errors.push(error);
  results.set(name, result);
}
for (const result of results.values()) console.log(JSON.stringify(result));
