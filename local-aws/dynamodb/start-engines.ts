import type { Topology } from "../../topology/topology";
import { Engine } from "./engine";

/**
 * Starts an engine for each region of the deployment, and for each that a table has a replica in.
 * @param engines - receives each engine at once, so that it can be stopped after a failure
 */
export async function startEngines({ regions, tables }: Topology, engines: Map<string, Engine>): Promise<void> {
  const names = new Set([...regions.map(({ name }) => name), ...tables.flatMap((table) => table.regions)]);
  await Promise.all(
    [...names].map(async (name) => {
      const engine = new Engine();
      engines.set(name, engine);
      await engine.start(tables.filter((table) => table.regions.includes(name)));
    }),
  );
}
