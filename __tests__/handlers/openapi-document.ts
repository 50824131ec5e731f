import fs from "node:fs";
import path from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { parse } from "yaml";

// biome-ignore lint/suspicious/noExplicitAny: OpenAPI's meta-schema says what is where, and a test holds the document to it.
export type AnyJson = any;

const ROOT = path.resolve(__dirname, "../..");
const BASE = "https://api.example.com/openapi.yaml";

const read = (...file: string[]) => fs.readFileSync(path.join(ROOT, ...file), "utf8");

/** `docs/openapi.yaml` as it stands. */
export const document: AnyJson = parse(read("docs/openapi.yaml"));

export const metaSchema: AnyJson = JSON.parse(
  read("node_modules/@seriousme/openapi-schema-validator/schemas/v3.1/schema.json"),
);

/** A copy with `change` applied to every object in it, innermost first. */
function mapObjects(node: AnyJson, change: (node: AnyJson) => AnyJson): AnyJson {
  if (Array.isArray(node)) return node.map((entry) => mapObjects(entry, change));
  if (node === null || typeof node !== "object") return node;
  return change(Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapObjects(value, change)])));
}

/** References that hold wherever a part of the document is taken to, so that each schema can be compiled by itself. */
const absolute = mapObjects(document, (node) =>
  typeof node.$ref === "string" ? { ...node, $ref: node.$ref.replace(/^#/, `${BASE}#`) } : node,
);

/** The object itself, or the one that it refers to. */
export function resolved(node: AnyJson): AnyJson {
  if (typeof node?.$ref !== "string") return node;
  const [, pointer = ""] = node.$ref.split("#/");
  return resolved(
    pointer
      .split("/")
      .map((step: string) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce((at: AnyJson, step: string) => at?.[step], absolute),
  );
}

export type Compile = (schema: AnyJson) => ValidateFunction;

/** Strict, so that a misspelt keyword is an error and no comment. */
function compilerOver(registered: AnyJson): Compile {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, validateFormats: false });
  for (const member of Object.keys(registered)) ajv.addKeyword(member); // The document is no schema; its schemas have no such keywords.
  ajv.addSchema(registered, BASE, undefined, false);
  return (schema) => ajv.compile(schema);
}

/** For what callers send: as the document says, to the letter. */
export const compile = compilerOver(absolute);

/**
 * For what the service answers. The document leaves room for members to come, as clients must; here one that is not documented is
 * a fault.
 */
export const compileSealed = compilerOver({
  ...absolute,
  components: {
    ...absolute.components,
    schemas: Object.fromEntries(
      Object.entries<AnyJson>(absolute.components.schemas).map(([name, schema]) => [
        name,
        { additionalProperties: false, ...schema },
      ]),
    ),
  },
});

export interface DocumentedOperation {
  /** Such as `GET /cart`. */
  readonly routeKey: string;
  readonly operationId: string;
  /** Those of the path and of the operation, references resolved. */
  readonly parameters: readonly AnyJson[];
  /** By status, references resolved. */
  readonly responses: Readonly<Record<string, AnyJson>>;
  readonly requestBody: AnyJson;
  readonly security: AnyJson;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

export const operations: readonly DocumentedOperation[] = Object.entries<AnyJson>(absolute.paths).flatMap(
  ([route, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const operation = item[method];
      return {
        routeKey: `${method.toUpperCase()} ${route}`,
        operationId: operation.operationId,
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved),
        responses: Object.fromEntries(
          Object.entries(operation.responses).map(([status, response]) => [status, resolved(response)]),
        ),
        requestBody: operation.requestBody,
        security: operation.security ?? absolute.security,
      };
    }),
);

export function operationOf(routeKey: string): DocumentedOperation {
  const operation = operations.find((candidate) => candidate.routeKey === routeKey);
  if (operation === undefined) throw new Error(`docs/openapi.yaml has no ${routeKey}`);
  return operation;
}

/** Everything with a schema: media types, parameters, headers; with where it is. */
export function schemaHolders(): readonly (readonly [where: string, holder: AnyJson])[] {
  const found: [string, AnyJson][] = [];
  const visit = (node: AnyJson, where: string) => {
    if (node === null || typeof node !== "object") return;
    if ("schema" in node) found.push([where, node]);
    for (const [key, value] of Object.entries(node)) {
      if (key !== "schema" && key !== "schemas" && key !== "value" && key !== "example")
        visit(value, `${where}/${key}`);
    }
  };
  visit(absolute, "#");
  return found;
}

/** Media types that API Gateway alone answers an error with. */
export const isOfGateway = (status: string, mediaType: string) =>
  Number(status) >= 400 && mediaType === "application/json";
