import { stripVTControlCharacters } from "node:util";
import type { LostWrite } from "../../../drill/measure/lost-writes";
import type { DrillResult } from "../../../drill/measure/result";
import { displayWidth } from "../../../drill/report/plain-text";
import { terminalReport } from "../../../drill/report/terminal";
import {
  LOST_WRITES,
  sampleFailover,
  sampleHostile,
  sampleNeverRecovered,
  sampleNothingAcknowledged,
  sampleOfHours,
  sampleWithoutFailover,
} from "./sample-result";

const SAMPLES = {
  "a failover": sampleFailover(),
  "a fault without failover": sampleWithoutFailover(),
  "an outage without end": sampleNeverRecovered(),
  "nothing at all": sampleNothingAcknowledged(),
  "hostile names": sampleHostile(),
  "six hours": sampleOfHours(),
};

describe.each(Object.entries(SAMPLES))("the text about %s", (_, sample) => {
  test.each([40, 60, 80, 132])("has no line wider than %d columns", (columns) => {
    for (const isUtf8 of [true, false]) {
      const lines = terminalReport(sample, { columns, isUtf8 }).split("\n");
      expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
    }
  });

  test("holds no control characters, and only ASCII where that is asked for", () => {
    expect(terminalReport(sample)).not.toMatch(/[^\P{Cc}\n]|[\u202e\u202f]/u);
    expect(terminalReport(sample, { isUtf8: false })).not.toMatch(/[^\x20-\x7e\n]/);
  });

  test("says in words what could not be measured", () => {
    expect(terminalReport(sample)).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test("tells scenario, events, objectives and verdict in this order", () => {
  const text = terminalReport(SAMPLES["a failover"], { htmlPath: "out/index.html" });
  const order = [
    "Scenario   primary-region-outage: us-east-1 stops answering",
    "Topology   cdktf.out: 2 global tables",
    "    58.0 s  health check failover-dns/PrimaryHealth turns unhealthy",
    "Requests   one column is 4 s",
    "Recovery   52.3 s",
    "✓ recovery time           52.3 s  objective ≤ 60.0 s",
    "✗ writes overwritten",
    "1 of 5 objectives missed.\nReport     out/index.html\n",
  ].map((line) => text.indexOf(line));
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test("shows who answered when: the primary's bars stop where the fault begins", () => {
  const lines = terminalReport(SAMPLES["a failover"]).split("\n");
  const row = (label: string) => lines.find((line) => line.startsWith(`${label}  `)) ?? "";
  expect(row("us-east-1").slice(11, 18)).toBe("███████");
  expect(row("us-east-1").slice(20, 47).trim()).toBe("");
  expect(row("us-west-2").slice(35, 47)).toMatch(/^[▅▆▇]+$/);
  expect(row("fault    ")).toMatch(/^fault {13}├─+ 30\.0 s to 150\.0 s ─+┤$/);
});

test("a single failure is never rounded away", () => {
  const perSecond = Array.from({ length: 600 }, (_, second) => ({
    ...{ second, acknowledged: { "us-east-1": 500 }, failed: second === 300 ? 1 : 0, indeterminate: 0 },
  }));
  const sample = SAMPLES["a failover"];
  const text = terminalReport({ ...sample, measures: { ...sample.measures, perSecond } });
  expect(text).toMatch(/^failed +▁ +1$/m);
});

test("colours only when asked for, and never instead of words", () => {
  const plain = terminalReport(SAMPLES["a failover"]);
  const coloured = terminalReport(SAMPLES["a failover"], { useColour: true });
  expect(coloured).toContain("\u001b[31m✗\u001b[0m");
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

test("an outage without end never recovered", () => {
  expect(terminalReport(SAMPLES["an outage without end"])).toContain("Recovery   never recovered");
});

test("all objectives met is said with their number", () => {
  const sample = sampleFailover();
  const met = { ...sample, objectives: sample.objectives.map((objective) => ({ ...objective, isMet: true })) };
  expect(terminalReport(met)).toMatch(/\nAll 5 objectives met\.\n$/);
});

test("a promise that the fault cannot judge stands below the objectives, with the reason", () => {
  const text = terminalReport(SAMPLES["a fault without failover"]);
  expect(text).toMatch(/✓ failovers[^\n]*\n(?: [^\n]*\n)?· recovery time +not judged +objective ≤ 60\.0 s/);
  expect(text).toContain("customers are served all along");
  expect(text).toContain("The one objective is met; 2 cannot be judged by this fault.");
});

test("a failover that is allowed but not required is neither expected nor unexpected", () => {
  const leftOpen = (sample: DrillResult) => {
    const { expectsFailover: _, ...fault } = sample.fault;
    return terminalReport({ ...sample, fault });
  };
  expect(leftOpen(SAMPLES["a failover"])).toContain("Failover was allowed, and happened: checkout.example.com");
  expect(leftOpen(SAMPLES["a fault without failover"])).toContain("Failover was allowed, and none happened.");
});

describe("lost writes", () => {
  const sample = sampleFailover();
  const lostLines = (changes: Partial<DrillResult["measures"]>) => {
    const lines = terminalReport({ ...sample, measures: { ...sample.measures, ...changes } }, { columns: 132 }).split(
      "\n",
    );
    const first = lines.findIndex((line) => line.startsWith("Lost "));
    return first === -1 ? [] : lines.slice(first, lines.indexOf("", first));
  };

  test("are told with user, line, region and time", () => {
    expect(lostLines({})).toEqual([
      "Lost       3 acknowledged writes",
      "           regions show different carts of 1 user: cust-9",
      "    29.9 s  cust-3: order ord-10007, acknowledged by us-east-1",
      "    29.9 s  cust-17: 3 × sku-14 at 731 EUR in its minor unit, acknowledged by us-east-1",
      '    61.2 s  item carts {"userId":{"S":"cust-17"}}, acknowledged by us-west-2',
    ]);
  });

  test("are cut after ten, with the number of the others", () => {
    const writesLost = Array.from({ length: 12 }, () => LOST_WRITES[0] as LostWrite);
    const lines = lostLines({ writesLost, cartsThatDiffer: [] });
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toMatch(/^ +and 2 more, in result\.json$/);
  });

  test("have no line where there are none", () => {
    expect(lostLines({ writesLost: [], cartsThatDiffer: [] })).toEqual([]);
  });

  test("are said to be unknown where the carts could not be read", () => {
    const whyCartsUnread = "us-east-1 did not show the cart of ada (status 503)";
    expect(lostLines({ writesLost: [], cartsThatDiffer: [], whyCartsUnread })).toEqual([
      `Lost       cart changes were not followed: ${whyCartsUnread}`,
    ]);
  });
});
