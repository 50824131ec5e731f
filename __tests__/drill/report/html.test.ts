import type { LostWrite } from "../../../drill/measure/lost-writes";
import type { DrillResult } from "../../../drill/measure/result";
import { htmlReport } from "../../../drill/report/html";
import { problemsOf, wordsOf } from "./html-check";
import {
  HOSTILE_NAME,
  LOST_WRITES,
  sampleFailover,
  sampleHostile,
  sampleNeverRecovered,
  sampleNothingAcknowledged,
  sampleOfHours,
  sampleWithoutFailover,
} from "./sample-result";

const PAGES = {
  "a failover": htmlReport(sampleFailover()),
  "a fault without failover": htmlReport(sampleWithoutFailover()),
  "an outage without end": htmlReport(sampleNeverRecovered()),
  "nothing at all": htmlReport(sampleNothingAcknowledged()),
  "hostile names": htmlReport(sampleHostile()),
  "six hours": htmlReport(sampleOfHours()),
};

describe.each(Object.entries(PAGES))("the page about %s", (_, page) => {
  test("is well-formed, with a title and a description for each drawing", () => {
    expect(problemsOf(page)).toEqual([]);
  });

  test("runs nothing and loads nothing", () => {
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toMatch(/https?:\/\//i);
    expect(page).not.toMatch(/<[^>]*\s(?:src|href|on\w+)=/i);
    expect(page).not.toMatch(/@import|url\((?!#)/i);
  });

  test("says in words what could not be measured", () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("stays under 300 kB", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
  });
});

test("the verdict, the recovery time and the recovery point come first", () => {
  const words = wordsOf(PAGES["a failover"]);
  expect(words).toMatch(
    /✗ 1 of 5 objectives missed\..*✗ writes overwritten : 3.*Recovery time 52\.3.s.*Recovery point 0\.8.s/,
  );
  expect(words.indexOf("Recovery point")).toBeLessThan(words.indexOf("Where the recovery time went"));
});

test("the parts of the recovery time are told with their lengths", () => {
  expect(wordsOf(PAGES["a failover"])).toMatch(/until 3 probes had failed 20\.1.s 38\.4.%/);
});

test("time that no part accounts for is told too", () => {
  const sample = sampleFailover();
  const recoveryParts = [{ name: "until the next probe", ms: 12_300 }];
  const page = htmlReport({ ...sample, measures: { ...sample.measures, recoveryParts } });
  expect(wordsOf(page)).toMatch(/not accounted for 40\.0.s/);
});

test("what is needed to repeat the drill is on the page", () => {
  expect(wordsOf(PAGES["a failover"])).toMatch(
    /Clients 40 Duration 210.s Seed 42 Speed 10 declared seconds per wall second/,
  );
});

test("a fault that was never detected shows no detection and no recovery", () => {
  const words = wordsOf(PAGES["an outage without end"]);
  expect(words).toContain("Fault detected after never detected");
  expect(words).toContain("DNS answer switched after never switched");
  expect(words).toContain("Requests were still failing when the fault ended, or no request was acknowledged any more.");
});

test("a drill without objectives is neither met nor missed", () => {
  expect(PAGES["nothing at all"]).toContain('class="verdict neutral"');
  expect(wordsOf(PAGES["nothing at all"])).toContain(
    "No write was acknowledged before the fault, so none could be lost.",
  );
});

test("a promise that the fault cannot judge is told with the reason, in large and in the table", () => {
  const words = wordsOf(PAGES["a fault without failover"]);
  expect(words).toContain("The one objective is met; 2 cannot be judged by this fault.");
  expect(words).toMatch(/Recovery time not judged objective ≤.60\.0.s: customers are served all along/);
  expect(words).toMatch(/not judged recovery point ≤.5\.0.s without a failover there is no such point/);
  expect(words).not.toContain("no objective was set");
});

test("no report says that no write was missing where none was made, or none could arrive", () => {
  const sample = sampleFailover();
  const page = (changes: object) =>
    wordsOf(
      htmlReport({
        ...sample,
        measures: { ...sample.measures, recoveryPointMs: undefined, ...changes } as never,
        objectives: [],
        history: { ...sample.history, writes: [] },
      }),
    );
  expect(page({ writesBeforeRecoveryPoint: 0 })).toContain("Recovery point no write was acknowledged before the fault");
  expect(page({ writesWithoutReplica: 3 })).toContain("3 acknowledged writes went to tables without a replica");
  expect(page({ recoveryPointMs: 0, writesUnavailableAtFailover: 0 })).toContain(
    "None of 640 acknowledged writes was still waiting for replication",
  );
});

test("names are escaped, and lose what could reverse or hide a line", () => {
  expect(PAGES["hostile names"]).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
  expect(PAGES["hostile names"]).not.toContain("\u202e");
  expect(PAGES["hostile names"]).not.toContain(HOSTILE_NAME);
});

test("a band changes at the event that tells of it, not at the next sample", () => {
  const sample = sampleFailover();
  const coarse = sample.history.samples.filter((_, index) => index % 5 === 0);
  const page = htmlReport({ ...sample, history: { ...sample.history, samples: coarse } });
  expect(wordsOf(page)).toMatch(/us-east-1 from 0\.0.s to 58\.4.s, us-west-2 from 58\.4.s to 179\.2.s/);
});

test("events that are close to each other are marked in different rows", () => {
  const discs = [...PAGES["a failover"].matchAll(/<circle class="mark-disc" cx="([\d.]+)%" cy="(\d+)"/g)];
  const places = discs.map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  expect(places).toHaveLength(11);
  for (const [index, { x, y }] of places.entries()) {
    for (const other of places.slice(index + 1)) expect(y !== other.y || Math.abs(x - other.x) >= 6).toBe(true);
  }
});

test("of too many events, the first and the last of each kind are marked", () => {
  expect(PAGES["six hours"].match(/class="mark-disc"/g)).toHaveLength(4);
  expect(wordsOf(PAGES["six hours"])).toContain("716 others are not");
});

test("long histories are averaged to at most 300 steps for each layer", () => {
  expect(wordsOf(PAGES["six hours"])).toMatch(/averaged over 72.s/);
  const outlines = [...PAGES["six hours"].matchAll(/polygon\(([^)]*)\)/g)].map(([, outline = ""]) =>
    outline.split(","),
  );
  expect(outlines).toHaveLength(4);
  for (const corners of outlines) expect(corners.length).toBeLessThanOrEqual(300 * 4); // Two above and two below a step.
});

describe("lost writes", () => {
  const sample = sampleFailover();
  const words = (changes: Partial<DrillResult["measures"]>) => {
    const page = wordsOf(htmlReport({ ...sample, measures: { ...sample.measures, ...changes } }));
    return page.slice(page.indexOf(" Writes lost "), page.indexOf(" Acknowledged writes ")).replaceAll("\u202f", " ");
  };

  test("are in a table with time, region, user and line", () => {
    expect(words({})).toContain("29.9 s us-east-1 cust-17 3 × sku-14 at 731 EUR in its minor unit");
    expect(words({})).toContain("29.9 s us-east-1 cust-3 order ord-10007");
    expect(words({})).toContain("regions show different carts of 1 user: cust-9");
  });

  test("are counted where they are too many to list", () => {
    const writesLost = Array.from({ length: 70 }, () => LOST_WRITES[0] as LostWrite);
    expect(words({ writesLost })).toContain("And 20 more, in result.json.");
  });

  test("are denied only where carts and orders were followed", () => {
    const clean = { writesLost: [], cartsThatDiffer: [] };
    expect(words(clean)).toContain("4 856 acknowledged cart changes and");
    expect(words(clean)).toContain("were followed over the whole drill; none was lost.");
    const unread = words({ ...clean, whyCartsUnread: "us-east-1 did not show the cart of ada" });
    expect(unread).toContain("cart changes were not followed: us-east-1 did not show the cart of ada");
    expect(unread).not.toContain("none was lost");
    expect(words({ ...clean, cartChangesAcknowledged: 0, ordersAcknowledged: 0 })).toContain(
      "No cart change or order was acknowledged, so none could be lost.",
    );
  });
});
