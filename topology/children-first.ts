import { DeclarationError } from "../terraform-json/errors";
import type { HealthCheck } from "./topology";

/**
 * Health checks in an order in which each comes after the checks that it is calculated from.
 * @throws {DeclarationError} when a check names a child that is not declared, or is calculated from itself
 */
export function childrenFirst(checks: readonly HealthCheck[]): readonly HealthCheck[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const ordered = new Set<HealthCheck>();
  const add = (check: HealthCheck, parents: readonly HealthCheck[]) => {
    if (ordered.has(check)) return;
    const path = [...parents, check];
    if (parents.includes(check)) {
      const circle = path.slice(parents.indexOf(check)).map(({ address }) => address);
      throw new DeclarationError(
        `${check.address}: a calculated health check cannot depend on itself; got ${circle.join(" -> ")}`,
      );
    }
    for (const childId of check.type === "CALCULATED" ? check.childIds : []) {
      const child = byId.get(childId);
      if (child === undefined) {
        throw new DeclarationError(
          `${check.address}: 'child_healthchecks' must name declared health checks; got ${childId}`,
        );
      }
      add(child, path);
    }
    ordered.add(check);
  };
  for (const check of checks) add(check, []);
  return [...ordered];
}
