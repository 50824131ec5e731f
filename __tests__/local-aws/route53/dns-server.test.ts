import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type Answer, type DecodedPacket, decode, encode, type Packet, streamEncode } from "dns-packet";
import { DnsServer, type DnsServerProps } from "../../../local-aws/route53/dns-server";
import { DnsStream } from "../../../local-aws/route53/dns-stream";
import { EAST, FAILOVER_RECORDS, record, TARGETS, WEST } from "./declared";

const RECORDS = [
  ...FAILOVER_RECORDS,
  record("text.api.example.com", "TXT", { values: ["plain", '"one" "two"'] }),
  record("text.api.example.com", "MX", { values: ["10 mail.example.com"] }),
  record("text.api.example.com", "CAA", { values: ['0 issue "amazon.com"'] }),
  record("text.api.example.com", "SRV", { values: ["1 2 443 web.example.com"] }),
  // 80 addresses of 16 bytes and more each: too many for 1,232 bytes.
  record("many.api.example.com", "A", { values: Array.from({ length: 80 }, (_, index) => `192.0.2.${index}`) }),
  record("some.api.example.com", "A", { values: Array.from({ length: 20 }, (_, index) => `192.0.2.${index}`) }),
];

const unhealthy = new Set<string>();
let server: DnsServer;
let port: number;

async function start(props: Partial<DnsServerProps> = {}): Promise<void> {
  server = new DnsServer({ records: RECORDS, targets: TARGETS, isHealthy: (id) => !unhealthy.has(id), ...props });
  ({ port } = await server.start());
}

beforeEach(async () => {
  unhealthy.clear();
  await start();
});
afterEach(() => server.stop());

async function sendUdp(packet: Buffer): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.send(packet, port, "127.0.0.1");
  const [answer] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return answer;
}

const query = (name: string, type: string, more: Packet = {}) =>
  encode({ type: "query", id: 4711, questions: [{ name, type: type as "A" }], ...more });
const askUdp = async (name: string, type: string, more: Packet = {}) => decode(await sendUdp(query(name, type, more)));
const rcode = ({ flags = 0 }: Packet) => flags & 0xf;
const edns = (udpPayloadSize: number, ednsVersion = 0): Packet => ({
  additionals: [{ name: ".", type: "OPT", udpPayloadSize, ednsVersion, flags: 0 } as Answer],
});

test("answers authoritatively, with the declared TTL, as health decides", async () => {
  const answer = async () => (await askUdp("api.example.com", "A")).answers;
  expect(await answer()).toMatchObject([{ name: "api.example.com", type: "CNAME", ttl: 10, data: EAST }]);
  unhealthy.add("primary");
  expect(await answer()).toMatchObject([{ name: "api.example.com", type: "CNAME", ttl: 10, data: WEST }]);
  const response = await askUdp("us-east-1.api.example.com", "A", { flags: 0x0100 });
  expect(response).toMatchObject({ type: "response", id: 4711, flag_aa: true, flag_ra: false, flag_rd: true });
  expect(response.answers).toMatchObject([{ type: "A", ttl: 60, data: "192.0.2.1" }]);
});

test("answers for regions' own host names", async () => {
  expect((await askUdp(WEST, "A")).answers).toMatchObject([{ name: WEST, ttl: 60, data: "192.0.2.2" }]);
});

test("takes regions' own host names in any case", async () => {
  await server.stop();
  await start({ targets: new Map([[WEST.toUpperCase(), "192.0.2.2"]]) });
  expect((await askUdp(WEST, "A")).answers).toMatchObject([{ data: "192.0.2.2" }]);
});

test("keeps the case in which it was asked", async () => {
  const { questions, answers } = await askUdp("uS-eAsT-1.Api.Example.COM", "A");
  expect(questions).toMatchObject([{ name: "uS-eAsT-1.Api.Example.COM", type: "A" }]);
  expect(answers).toMatchObject([{ name: "uS-eAsT-1.Api.Example.COM" }]);
});

test("knows the types that zones are made of", async () => {
  const data = async (type: string) =>
    (await askUdp("text.api.example.com", type)).answers?.map((it) => "data" in it && it.data);
  expect(await data("TXT")).toEqual([[Buffer.from("plain")], [Buffer.from("one"), Buffer.from("two")]]);
  expect(await data("MX")).toEqual([{ preference: 10, exchange: "mail.example.com" }]);
  expect(await data("CAA")).toMatchObject([{ tag: "issue", value: "amazon.com" }]);
  expect(await data("SRV")).toEqual([{ priority: 1, weight: 2, port: 443, target: "web.example.com" }]);
});

test("refuses to start with a type that it does not know", () => {
  const records = [record("api.example.com", "NAPTR")];
  expect(() => new DnsServer({ records, targets: TARGETS, isHealthy: () => true })).toThrow(
    "dns: aws_route53_record.api.example.com-NAPTR: 'type' must be one of A, ",
  );
});

test("tells NODATA from NXDOMAIN, and how long either may be remembered", async () => {
  const noData = await askUdp("us-east-1.api.example.com", "AAAA");
  const noDomain = await askUdp("eu-west-1.api.example.com", "A");
  expect([noData, noDomain].map(rcode)).toEqual([0, 3]);
  for (const response of [noData, noDomain]) {
    expect(response).toMatchObject({ flag_aa: true, answers: [] });
    expect(response.authorities).toMatchObject([{ name: "api.example.com", type: "SOA", ttl: 900 }]);
  }
});

test("refuses other zones and other classes", async () => {
  const outside = await askUdp("example.org", "A");
  const chaos = decode(
    await sendUdp(encode({ type: "query", id: 1, questions: [{ name: "api.example.com", type: "A", class: "CH" }] })),
  );
  for (const response of [outside, chaos]) {
    expect(rcode(response)).toBe(5);
    expect(response).toMatchObject({ flag_aa: false, answers: [] });
  }
});

test("answers NOTIMP to whatever is no query", async () => {
  for (const opcode of [1, 2, 4, 5]) {
    const response = await askUdp("api.example.com", "A", { flags: opcode << 11 });
    expect([response.id, rcode(response), ((response.flags ?? 0) >> 11) & 0xf]).toEqual([4711, 4, opcode]);
  }
});

test("answers FORMERR to what has a header and makes no sense", async () => {
  const sound = query("api.example.com", "A");
  const twoQuestions = encode({
    type: "query",
    id: 4711,
    questions: ["a", "b"].map((name) => ({ name, type: "A" as const })),
  });
  const pointerToItself = Buffer.concat([sound.subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]);
  const notText = Buffer.concat([sound.subarray(0, 12), Buffer.from([1, 0xff, 0, 0, 1, 0, 1])]);
  const noQuestion = encode({ type: "query", id: 4711 });
  for (const packet of [sound.subarray(0, 20), twoQuestions, pointerToItself, notText, noQuestion]) {
    const response = decode(await sendUdp(packet));
    expect([response.id, rcode(response)]).toEqual([4711, 1]);
  }
});

test("says nothing to what is no query at all, and goes on", async () => {
  const socket = createSocket("udp4");
  const heard: Buffer[] = [];
  socket.on("message", (packet) => heard.push(packet));
  const answer = encode({ type: "response", id: 1, questions: [{ name: "api.example.com", type: "A" }] });
  for (const packet of [Buffer.alloc(0), Buffer.from("short"), answer]) {
    await new Promise((resolve) => socket.send(packet, port, "127.0.0.1", resolve));
  }
  expect(rcode(await askUdp("api.example.com", "A"))).toBe(0);
  expect(heard).toEqual([]);
  socket.close();
});

test("survives a thousand packets of noise", async () => {
  const socket = createSocket("udp4");
  let state = 1;
  for (let count = 0; count < 1_000; count += 1) {
    const packet = Buffer.from(query("api.example.com", "A", edns(1_232)));
    for (let change = 0; change < 6; change += 1) {
      state = (state * 48_271) % 0x7fff_ffff;
      packet[state % packet.length] = (state >> 8) & 0xff;
    }
    await new Promise((resolve) => socket.send(packet, port, "127.0.0.1", resolve));
    // No more at once than a socket's buffer holds.
    if (count % 50 === 49) {
      expect((await askUdp("us-east-1.api.example.com", "A")).answers).toMatchObject([{ data: "192.0.2.1" }]);
    }
  }
  socket.close();
  expect(server.queries.udp).toBe(1_020);
});

test("cuts off over UDP what does not fit, and leaves it to TCP", async () => {
  for (const more of [{}, edns(1_232), edns(4_096)]) {
    const response = await askUdp("many.api.example.com", "A", more);
    expect(response).toMatchObject({ flag_tc: true, flag_aa: true, answers: [] });
    expect(response.questions).toHaveLength(1);
  }
});

test("sends up to 512 bytes over UDP, and with EDNS what the client takes", async () => {
  expect(await askUdp("some.api.example.com", "A")).toMatchObject({ flag_tc: true });
  expect(await askUdp("some.api.example.com", "A", edns(512))).toMatchObject({ flag_tc: true });
  const whole = await askUdp("some.api.example.com", "A", edns(1_232));
  expect(whole.flag_tc).toBe(false);
  expect(whole.answers).toHaveLength(20);
  expect(whole.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1_232 }]);
  expect((await askUdp("api.example.com", "A")).additionals).toEqual([]);
});

test("a version of EDNS that it does not know is BADVERS", async () => {
  const response = await askUdp("api.example.com", "A", edns(1_232, 1));
  expect(response.additionals).toMatchObject([{ type: "OPT", extendedRcode: 1 }]);
  expect(response.answers).toEqual([]);
});

async function askTcp(chunks: readonly Buffer[], count: number): Promise<DecodedPacket[]> {
  const socket = connect(port, "127.0.0.1");
  const stream = new DnsStream();
  const answers: DecodedPacket[] = [];
  for (const chunk of chunks) await new Promise((resolve) => socket.write(chunk, resolve));
  for await (const chunk of socket) {
    answers.push(...stream.push(chunk as Buffer).map((packet) => decode(packet)));
    if (answers.length >= count) break; // Which destroys the socket.
  }
  return answers;
}

test("answers over TCP, several queries on one connection, however they are cut", async () => {
  const questions = [{ name: "many.api.example.com", type: "A" as const }];
  const bytes = Buffer.concat([1, 2, 3].map((id) => streamEncode({ type: "query", id, questions })));
  const answers = await askTcp([bytes.subarray(0, 1), bytes.subarray(1, 50), bytes.subarray(50)], 3);
  expect(answers.map(({ id }) => id)).toEqual([1, 2, 3]);
  for (const answer of answers) {
    expect(answer.flag_tc).toBe(false);
    expect(answer.answers).toHaveLength(80);
  }
});

test("closes a TCP connection that does not speak DNS, and goes on", async () => {
  expect(await askTcp([Buffer.from([0, 3, 1, 2, 3])], 1)).toEqual([]);
  expect(await askTcp([Buffer.alloc(2)], 1)).toEqual([]);
  expect(rcode(await askUdp("api.example.com", "A"))).toBe(0);
});

test("counts queries", async () => {
  await askUdp("api.example.com", "A");
  await askUdp("example.org", "A");
  await askTcp([streamEncode({ type: "query", id: 1, questions: [{ name: "api.example.com", type: "A" }] })], 1);
  expect(server.queries).toEqual({ udp: 2, tcp: 1 });
});

test("stopping closes both sockets and every connection", async () => {
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  const isClosed = once(idle, "close");
  idle.resume();
  await server.stop();
  await isClosed;
  const refused = connect(port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
  const udp = createSocket("udp4");
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  udp.close();
});

test("has no address before the start", () => {
  const other = new DnsServer({ records: RECORDS, targets: TARGETS, isHealthy: () => true });
  expect(() => other.address).toThrow("must be started");
});
