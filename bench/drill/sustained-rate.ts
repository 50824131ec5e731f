import { failoverTarget } from "../../drill/deployment/failover-target";
import { LocalAws, USUAL_LAG } from "../../local-aws/local-aws";
import { Pace } from "../../local-aws/pace";
import { seededRandom } from "../../local-aws/seeded-random";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";

const CONNECTIONS = 16;
const WARM_MS = 3_000;
const MEASURED_MS = 5_000;

/** Requests a second through one region's whole path: TLS, token, throttle, function, table, and back. */
export async function sustainedRate(outdir: string): Promise<number> {
  const topology = readTopology(cdktfOut(outdir));
  const { apiName, primary } = failoverTarget(topology);
  const { apis } = primary;
  const aws = new LocalAws({
    topology,
    pace: new Pace(1),
    random: seededRandom(1),
    lag: USUAL_LAG,
    note: () => {},
  });
  try {
    await aws.start();
    aws.open();
    const [[, address] = ["", ""]] = aws.addressesByRegion();
    const headers = { authorization: `Bearer ${await aws.token(apis, "bench")}` };
    let answered = 0;
    let isOver = false;
    const lanes = Array.from({ length: CONNECTIONS }, async () => {
      const connection = aws.connect(address, apiName);
      if (connection === undefined) throw new Error("no region listens");
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
    await aws.stop();
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
