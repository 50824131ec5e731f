/** A route that matches, and what its path variables stand for. */
export interface RouteMatch<R> {
  readonly route: R;
  /** URL-decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface CompiledRoute<R> {
  readonly route: R;
  readonly method: string;
  readonly segments: readonly Segment[];
}

type Segment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "variable" | "greedy"; readonly name: string };

const RANK = { static: 0, variable: 1, greedy: 2 } as const;

/**
 * Chooses among an API's routes: a full match, then a greedy path variable, then `$default`. Of full matches, the one whose first difference
 * is static; of two routes with the same path, the one that names the method.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export class RouteTable<R extends { readonly routeKey: string }> {
  private readonly compiled: readonly CompiledRoute<R>[];
  private readonly fallback: R | undefined;

  constructor(routes: readonly R[]) {
    this.fallback = routes.find(({ routeKey }) => routeKey === "$default");
    this.compiled = routes
      .filter(({ routeKey }) => routeKey !== "$default")
      .map(compile)
      .sort(byPriority);
  }

  /** @param path - as it came, still URL-encoded, without the query */
  match(method: string, path: string): RouteMatch<R> | undefined {
    const parts = path.split("/").slice(1).map(decoded);
    for (const { route, method: wanted, segments } of this.compiled) {
      if (wanted !== "ANY" && wanted !== method) continue;
      const pathParameters = parametersOf(segments, parts);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return this.fallback === undefined ? undefined : { route: this.fallback, pathParameters: {} };
  }
}

/** A part of a path as API Gateway decodes it; what is wrongly encoded stays. */
export function decoded(part: string): string {
  if (!part.includes("%")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function compile<R extends { readonly routeKey: string }>(route: R): CompiledRoute<R> {
  const [method = "", path = ""] = route.routeKey.split(" ");
  const segments = path
    .split("/")
    .slice(1)
    .map((part): Segment => {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
      if (name === undefined) return { kind: "static", text: part };
      return { kind: plus === "+" ? "greedy" : "variable", name };
    });
  return { route, method, segments };
}

function byPriority(one: CompiledRoute<unknown>, other: CompiledRoute<unknown>): number {
  const greedy = Number(isGreedy(one)) - Number(isGreedy(other));
  if (greedy !== 0) return greedy;
  for (const [index, segment] of one.segments.entries()) {
    const against = other.segments[index];
    if (against === undefined) break;
    const difference = RANK[segment.kind] - RANK[against.kind];
    if (difference !== 0) return difference;
  }
  return other.segments.length - one.segments.length || Number(one.method === "ANY") - Number(other.method === "ANY");
}

const isGreedy = ({ segments }: CompiledRoute<unknown>) => segments.at(-1)?.kind === "greedy";

function parametersOf(
  segments: readonly Segment[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const isOpen = segments.at(-1)?.kind === "greedy";
  if (isOpen ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = segment.kind === "greedy" ? parts.slice(index).join("/") : (parts[index] ?? "");
    if (segment.kind === "static") {
      if (segment.text !== part) return undefined;
    } else if (part === "") return undefined;
    else parameters[segment.name] = part;
  }
  return parameters;
}
