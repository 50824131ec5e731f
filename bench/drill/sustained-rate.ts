import { Connection } from "../../drill/clients/connection";
import { Pace } from "../../local-aws/pace";
import { seededRandom } from "../../local-aws/seeded-random";
import { USUAL_LAG, World } from "../../local-aws/world/world";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";

const CONNECTIONS = 16;
const WARM_MS = 3_000;
const MEASURED_MS = 5_000;

/** Requests a second through one region's whole path: TLS, token, throttle, function, table, and back. */
export async function sustainedRate(outdir: string): Promise<number> {
  const topology = readTopology(cdktfOut(outdir));
  const signal = new AbortController().signal;
  const world = new World({
    topology,
    pace: new Pace(1),
    random: seededRandom(1),
    lag: USUAL_LAG,
    signal,
    note: () => {},
  });
  try {
    await world.start();
    world.open();
    const [[, address] = ["", ""]] = world.addressesByRegion();
    const target = world.locate(address);
    if (target === undefined) throw new Error("no region listens");
    const headers = { authorization: `Bearer ${await world.token("bench")}` };
    let answered = 0;
    let isOver = false;
    const lanes = Array.from({ length: CONNECTIONS }, async () => {
      const connection = new Connection(target, world.pair.apiName, world.caPem);
      while (!isOver) {
        const { statusCode } = await connection.send("GET", "/cart", headers, undefined, 10_000);
        if (statusCode !== 200) throw new Error(`GET /cart: expected 200, got ${statusCode}`);
        answered += 1;
      }
      connection.close();
    });
    await sleep(WARM_MS);
    const before = answered;
    await sleep(MEASURED_MS);
    const rate = ((answered - before) * 1_000) / MEASURED_MS;
    isOver = true;
    await Promise.all(lanes);
    return rate;
  } finally {
    await world.stop();
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
