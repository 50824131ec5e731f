import { answersTo, type Zone, zonesOf } from "../../../local-aws/route53/answers";
import { EAST, FAILOVER_RECORDS, record, TARGETS, WEST } from "./declared";

function zone(records = FAILOVER_RECORDS, unhealthy: readonly string[] = []): Zone {
  return { zoneNames: ["example.com"], records, targets: TARGETS, isHealthy: (id) => !unhealthy.includes(id) };
}

const values = (it: Zone, name: string, type: string) => answersTo(it, name, type).answers.map(({ value }) => value);

describe("failover records", () => {
  const pair = (secondaryCheck?: string) => [
    record("api.example.com", "A", { values: ["192.0.2.1"], failover: "PRIMARY", healthCheckId: "primary" }),
    record("api.example.com", "A", {
      values: ["192.0.2.2"],
      failover: "SECONDARY",
      ...(secondaryCheck === undefined ? {} : { healthCheckId: secondaryCheck }),
    }),
  ];

  test.each([
    { unhealthy: [], answer: "192.0.2.1" },
    { unhealthy: ["primary"], answer: "192.0.2.2" },
    { unhealthy: ["secondary"], answer: "192.0.2.1" },
    { unhealthy: ["primary", "secondary"], answer: "192.0.2.1" },
  ])("with $unhealthy unhealthy, the answer is $answer", ({ unhealthy, answer }) => {
    expect(values(zone(pair("secondary"), unhealthy), "api.example.com", "A")).toEqual([answer]);
  });

  test("a secondary without a health check counts as healthy", () => {
    expect(values(zone(pair(), ["primary"]), "api.example.com", "A")).toEqual(["192.0.2.2"]);
  });

  test("a primary without a health check is always the answer", () => {
    const records = pair("secondary").map(({ healthCheckId: _, ...others }) => others);
    expect(values(zone(records, ["primary", "secondary"]), "api.example.com", "A")).toEqual(["192.0.2.1"]);
  });

  test("one without the other answers, healthy or not", () => {
    const [primary, secondary] = pair("secondary");
    for (const only of [primary, secondary]) {
      const it = zone(only === undefined ? [] : [only], ["primary", "secondary"]);
      expect(values(it, "api.example.com", "A")).toEqual(only?.values);
    }
  });

  test("secondary first in the files makes no difference", () => {
    expect(values(zone(pair().reverse()), "api.example.com", "A")).toEqual(["192.0.2.1"]);
  });

  test("a CNAME out of our zones is all that we answer, with its own TTL", () => {
    expect(answersTo(zone(FAILOVER_RECORDS, ["primary"]), "api.example.com", "A")).toEqual({
      status: "NOERROR",
      zoneName: "example.com",
      answers: [{ name: "api.example.com", type: "CNAME", ttlSeconds: 10, value: WEST }],
    });
  });

  test("evaluating the health of an API Gateway never changes an answer here: health checks alone do", () => {
    const records = ["PRIMARY", "SECONDARY"].map((failover) =>
      record("api.example.com", "A", {
        values: [failover === "PRIMARY" ? EAST : WEST],
        isAlias: true,
        evaluateTargetHealth: true,
        failover: failover as "PRIMARY",
      }),
    );
    expect(values(zone(records, ["primary"]), "api.example.com", "A")).toEqual(["192.0.2.1"]);
  });

  test("evaluating the target's health looks at the checks of records in our zones", () => {
    const aliases = (evaluateTargetHealth: boolean) => [
      record("one.example.com", "A", { values: ["192.0.2.1"], healthCheckId: "one" }),
      record("two.example.com", "A", { values: ["192.0.2.2"] }),
      record("api.example.com", "A", {
        values: ["one.example.com"],
        isAlias: true,
        evaluateTargetHealth,
        failover: "PRIMARY",
      }),
      record("api.example.com", "A", { values: ["two.example.com"], isAlias: true, failover: "SECONDARY" }),
    ];
    expect(values(zone(aliases(true), ["one"]), "api.example.com", "A")).toEqual(["192.0.2.2"]);
    expect(values(zone(aliases(false), ["one"]), "api.example.com", "A")).toEqual(["192.0.2.1"]);
  });
});

describe("simple records", () => {
  const records = [
    record("www.example.com", "CNAME", { values: ["Web.Example.com."], ttlSeconds: 300 }),
    record("web.example.com", "A", { values: ["192.0.2.3", "192.0.2.4"], ttlSeconds: 20 }),
    record("a.deep.example.com", "TXT", { values: ["hello"] }),
  ];

  test("answer with all their values", () => {
    expect(values(zone(records), "web.example.com", "A")).toEqual(["192.0.2.3", "192.0.2.4"]);
  });

  test("a CNAME is followed inside our zones, each step with its own TTL", () => {
    expect(answersTo(zone(records), "www.example.com", "A").answers).toMatchObject([
      { name: "www.example.com", type: "CNAME", ttlSeconds: 300 },
      { name: "web.example.com", type: "A", ttlSeconds: 20, value: "192.0.2.3" },
      { name: "web.example.com", type: "A", ttlSeconds: 20, value: "192.0.2.4" },
    ]);
  });

  test("who asks for the CNAME gets the CNAME alone", () => {
    expect(answersTo(zone(records), "www.example.com", "CNAME").answers).toHaveLength(1);
  });

  test("names are the same in upper and lower case, and with a final dot", () => {
    expect(values(zone(records), "WEB.example.COM.", "A")).toEqual(["192.0.2.3", "192.0.2.4"]);
  });

  test("a name that exists without the type is NODATA, and so is one with something below it, and the zone itself", () => {
    for (const [name, type] of [
      ["web.example.com", "AAAA"],
      ["deep.example.com", "A"],
      ["example.com", "A"],
    ] as const) {
      expect(answersTo(zone(records), name, type)).toEqual({ status: "NOERROR", answers: [], zoneName: "example.com" });
    }
  });

  test("a name that does not exist is NXDOMAIN", () => {
    expect(answersTo(zone(records), "no.example.com", "A")).toMatchObject({ status: "NXDOMAIN", answers: [] });
    expect(answersTo(zone(records), "eb.example.com", "A")).toMatchObject({ status: "NXDOMAIN", answers: [] });
  });

  test("a name outside of our zones is refused", () => {
    expect(answersTo(zone(records), "example.org", "A")).toEqual({ status: "REFUSED", answers: [] });
    expect(answersTo(zone(records), "notexample.com", "A")).toEqual({ status: "REFUSED", answers: [] });
  });

  test("CNAMEs and aliases that go in circles come to an end", () => {
    const circle = ["CNAME", "A"].flatMap((type) => [
      record(`a.${type}.example.com`, type, { values: [`b.${type}.example.com`], isAlias: type === "A" }),
      record(`b.${type}.example.com`, type, { values: [`a.${type}.example.com`], isAlias: type === "A" }),
    ]);
    expect(answersTo(zone(circle), "a.cname.example.com", "AAAA").answers).toHaveLength(2);
    expect(answersTo(zone(circle), "a.a.example.com", "A")).toMatchObject({ status: "NOERROR", answers: [] });
  });
});

describe("aliases", () => {
  test("to an API Gateway answer in their own name with its address and its 60 s", () => {
    expect(answersTo(zone(), "us-east-1.api.example.com", "A").answers).toEqual([
      { name: "us-east-1.api.example.com", type: "A", ttlSeconds: 60, value: "192.0.2.1" },
    ]);
  });

  test("have no IPv6 address where the target has none", () => {
    expect(answersTo(zone(), "us-east-1.api.example.com", "AAAA")).toMatchObject({ status: "NOERROR", answers: [] });
    const targets = new Map([[EAST, "2001:db8::1"]]);
    expect(values({ ...zone(), targets }, "us-east-1.api.example.com", "AAAA")).toEqual(["2001:db8::1"]);
  });

  test("to a record of ours answer with its TTL", () => {
    const records = [
      record("web.example.com", "A", { values: ["192.0.2.3"], ttlSeconds: 20 }),
      record("example.com", "A", { values: ["web.example.com"], isAlias: true, ttlSeconds: 60 }),
    ];
    expect(answersTo(zone(records), "example.com", "A").answers).toEqual([
      { name: "example.com", type: "A", ttlSeconds: 20, value: "192.0.2.3" },
    ]);
  });
});

test("regions' own host names answer for 60 s", () => {
  expect(answersTo(zone(), EAST.toUpperCase(), "A").answers).toEqual([
    { name: EAST, type: "A", ttlSeconds: 60, value: "192.0.2.1" },
  ]);
  expect(answersTo(zone(), EAST, "AAAA")).toMatchObject({ status: "NOERROR", answers: [] });
  expect(answersTo(zone(), "d-other.execute-api.us-east-1.amazonaws.com", "A").status).toBe("REFUSED");
});

test("the zone is the longest name that all records are at or below", () => {
  expect(zonesOf(FAILOVER_RECORDS)).toEqual(["api.example.com"]);
  expect(zonesOf([...FAILOVER_RECORDS, record("www.example.com", "A")])).toEqual(["example.com"]);
  expect(zonesOf([record("one.com", "A"), record("two.com", "A")])).toEqual(["one.com", "two.com"]);
  expect(zonesOf([])).toEqual([]);
});
