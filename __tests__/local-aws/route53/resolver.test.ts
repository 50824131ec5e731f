import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import events, { once } from "node:events";
import { decode, encode, type Packet } from "dns-packet";
import { Pace } from "../../../local-aws/pace";
import { DnsServer } from "../../../local-aws/route53/dns-server";
import { Resolver } from "../../../local-aws/route53/resolver";
import { EAST, FAILOVER_RECORDS, record, TARGETS, WEST } from "./declared";

const RECORDS = [
  ...FAILOVER_RECORDS,
  record("many.api.example.com", "A", { values: Array.from({ length: 80 }, (_, index) => `192.0.2.${index}`) }),
  record("away.api.example.com", "CNAME", { values: ["www.example.org"] }),
  record("zero.api.example.com", "A", { values: ["192.0.2.9"], ttlSeconds: 0 }),
  ...Array.from({ length: 20 }, (_, index) =>
    record(`hop-${index}.api.example.com`, "CNAME", { values: [`hop-${index + 1}.api.example.com`] }),
  ),
];

const unhealthy = new Set<string>();
let nowMs = 0;
let server: DnsServer;
let resolver: Resolver;
const sockets: Socket[] = [];

beforeEach(async () => {
  nowMs = 0;
  unhealthy.clear();
  server = new DnsServer({ records: RECORDS, targets: TARGETS, isHealthy: (id) => !unhealthy.has(id) });
  resolver = new Resolver({ server: await server.start(), pace: new Pace(1, () => nowMs) });
});

afterEach(async () => {
  resolver.stop();
  await server.stop();
  for (const socket of sockets.splice(0)) socket.close();
});

const udpQueries = () => server.queries.udp;

test("follows the CNAME out of the zone, and tells the chain and how long it holds", async () => {
  expect(await resolver.resolve("API.example.com.")).toEqual({
    address: "192.0.2.1",
    chain: ["api.example.com", EAST],
    ttlSeconds: 10,
  });
  expect(udpQueries()).toBe(2);
});

test("keeps each answer for its own TTL, then asks again", async () => {
  await resolver.resolve("api.example.com");
  nowMs = 9_999;
  expect((await resolver.resolve("api.example.com")).ttlSeconds).toBeCloseTo(0.001);
  expect(udpQueries()).toBe(2);
  nowMs = 10_000;
  // The region's own host name is known for 50 s more, and limits nothing.
  expect((await resolver.resolve("api.example.com")).ttlSeconds).toBe(10);
  expect(udpQueries()).toBe(3);
  nowMs = 60_000;
  await resolver.resolve("api.example.com");
  expect(udpQueries()).toBe(5);
});

test("hears of a failover when the TTL is over, and not before", async () => {
  const address = async () => (await resolver.resolve("api.example.com")).address;
  expect(await address()).toBe("192.0.2.1");
  unhealthy.add("primary");
  nowMs = 9_000;
  expect(await address()).toBe("192.0.2.1");
  nowMs = 11_000;
  expect(await resolver.resolve("api.example.com")).toMatchObject({
    address: "192.0.2.2",
    chain: ["api.example.com", WEST],
  });
});

test("a TTL runs in the drill's time", async () => {
  const fast = new Resolver({ server: server.address, pace: new Pace(200) });
  await fast.resolve("us-east-1.api.example.com");
  await new Promise((resolve) => setTimeout(resolve, 350)); // More than 60 s at 200 times the speed.
  await fast.resolve("us-east-1.api.example.com");
  expect(udpQueries()).toBe(2);
  fast.stop();
});

test("asks over TCP for what was cut off", async () => {
  expect((await resolver.resolve("many.api.example.com")).address).toBe("192.0.2.0");
  expect(server.queries).toEqual({ udp: 1, tcp: 1 });
});

test("forgets everything when flushed", async () => {
  await resolver.resolve("us-east-1.api.example.com");
  resolver.flush();
  await resolver.resolve("us-east-1.api.example.com");
  expect(udpQueries()).toBe(2);
});

test("who asks at the same time shares one query", async () => {
  await Promise.all(Array.from({ length: 10 }, () => resolver.resolve("us-east-1.api.example.com")));
  expect(udpQueries()).toBe(1);
});

test("any number of questions at once is no leak of listeners", async () => {
  const limiting = jest.spyOn(events, "setMaxListeners");
  const listening = jest.spyOn(AbortSignal.prototype, "addEventListener");
  const asked = new Resolver({ server: server.address, pace: new Pace(1) });
  try {
    const questions = Array.from({ length: 30 }, () => {
      asked.flush(); // As checkers do, each at its own probe.
      return asked.resolve("api.example.com");
    });
    const signals = [...new Set(listening.mock.contexts)];
    await Promise.all(questions);
    expect(signals.length).toBe(1);
    expect(limiting.mock.calls).toContainEqual([0, ...signals]);
  } finally {
    asked.stop();
    limiting.mockRestore();
    listening.mockRestore();
  }
});

test("keeps nothing that has no TTL", async () => {
  for (let count = 0; count < 2; count += 1) {
    expect(await resolver.resolve("zero.api.example.com")).toMatchObject({ address: "192.0.2.9", ttlSeconds: 0 });
  }
  expect(udpQueries()).toBe(2);
});

test.each([
  ["eu-west-1.api.example.com", "A", "eu-west-1.api.example.com: NXDOMAIN"],
  ["us-east-1.api.example.com", "AAAA", "us-east-1.api.example.com: no AAAA record"],
] as const)("remembers for 5 s that %s has no %s record", async (name, type, failure) => {
  expect(await resolver.resolve(name, type)).toEqual({ address: undefined, chain: [name], ttlSeconds: 5, failure });
  nowMs = 4_999;
  await resolver.resolve(name, type);
  expect(udpQueries()).toBe(1);
  nowMs = 5_000;
  await resolver.resolve(name, type);
  expect(udpQueries()).toBe(2);
});

test("a name that leads to where nobody knows has no address, and is asked for again", async () => {
  for (let count = 0; count < 2; count += 1) {
    expect(await resolver.resolve("away.api.example.com")).toMatchObject({
      address: undefined,
      chain: ["away.api.example.com", "www.example.org"],
      failure: "www.example.org: REFUSED",
    });
  }
  expect(udpQueries()).toBe(3);
});

test("gives a chain up that does not end", async () => {
  expect(await resolver.resolve("hop-0.api.example.com")).toMatchObject({
    address: undefined,
    failure: "more than 8 CNAMEs",
  });
});

/** A name server of few words. */
async function standIn(answer: (query: Packet, reply: (packet: Packet) => void, count: number) => void) {
  const socket = createSocket("udp4");
  sockets.push(socket);
  let count = 0;
  socket.on("message", (packet: Buffer, { port }: RemoteInfo) => {
    count += 1;
    answer(decode(packet), (it) => socket.send(encode(it), port, "127.0.0.1"), count);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { endpoint: { host: "127.0.0.1", port: socket.address().port }, queries: () => count };
}

function address({ id, questions }: Packet, data: string): Packet {
  const [{ name } = { name: "" }] = questions ?? [];
  return {
    type: "response",
    ...(id === undefined ? {} : { id }),
    questions: questions ?? [],
    answers: [{ name, type: "A", ttl: 9, data }],
  };
}

test("repeats a query once, then gives up", async () => {
  const silent = await standIn(() => undefined);
  const impatient = new Resolver({ server: silent.endpoint, pace: new Pace(100) });
  expect(await impatient.resolve("api.example.com")).toMatchObject({
    address: undefined,
    failure: "api.example.com: no answer in time",
  });
  expect(silent.queries()).toBe(2);
});

test("takes the answer to the repeated query", async () => {
  const forgetful = await standIn((query, reply, count) => count > 1 && reply(address(query, "192.0.2.5")));
  const patient = new Resolver({ server: forgetful.endpoint, pace: new Pace(1), timeoutMs: 300 });
  expect((await patient.resolve("api.example.com")).address).toBe("192.0.2.5");
  expect(forgetful.queries()).toBe(2);
});

test("takes no answer that is not to its question", async () => {
  const forger = await standIn((query, reply) => {
    const { id = 0 } = query;
    reply({ ...address(query, "192.0.2.66"), id: (id + 1) % 0x1_0000 });
    reply({ ...address({ ...query, questions: [{ name: "other.example.com", type: "A" }] }, "192.0.2.66"), id });
    reply({ ...address(query, "192.0.2.66"), type: "query" });
    reply(address(query, "192.0.2.5"));
  });
  const careful = new Resolver({ server: forger.endpoint, pace: new Pace(1) });
  expect((await careful.resolve("api.example.com")).address).toBe("192.0.2.5");
  expect(forger.queries()).toBe(1);
});

test("takes no records that the question does not lead to", async () => {
  const generous = await standIn((query, reply) => {
    const { answers = [], ...others } = address(query, "192.0.2.5");
    reply({ ...others, answers: [...answers, { name: "victim.example.com", type: "A", ttl: 9, data: "192.0.2.66" }] });
  });
  const careful = new Resolver({ server: generous.endpoint, pace: new Pace(1, () => 0) });
  await careful.resolve("api.example.com");
  expect((await careful.resolve("victim.example.com")).address).toBe("192.0.2.5");
  expect(generous.queries()).toBe(2);
});

test("a server that is gone means no address", async () => {
  const { address: gone } = server;
  await server.stop();
  const lonely = new Resolver({ server: gone, pace: new Pace(20) });
  expect((await lonely.resolve("api.example.com")).address).toBeUndefined();
});

test("stopping ends what is under way", async () => {
  const silent = await standIn(() => undefined);
  const stopped = new Resolver({ server: silent.endpoint, pace: new Pace(1) });
  const resolution = stopped.resolve("api.example.com");
  stopped.stop();
  expect(await resolution).toMatchObject({ failure: "api.example.com: the resolver was stopped" });
  expect((await stopped.resolve("api.example.com")).address).toBeUndefined();
});
