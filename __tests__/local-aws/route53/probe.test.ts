import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Authority } from "../../../local-aws/certificates/authority";
import { Pace } from "../../../local-aws/pace";
import { makeProbe, type ProbeResult } from "../../../local-aws/route53/probe";
import type { EndpointHealthCheck } from "../../../topology/topology";
import { endpointCheck } from "./declared";

const OK: ProbeResult = { isOk: true };
/** Nothing that answers is ever late. */
const REAL_TIME = new Pace(1);
/** What does not answer is given up soon. */
const FAST = new Pace(100);

const servers: Server[] = [];
const sockets = new Set<Socket>();
let isGone: Promise<unknown>;

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    isGone = once(socket, "close").then(() => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const serving = (listener: RequestListener) => listen(createHttpServer(listener));
const status = (statusCode: number) => serving((_, response) => response.writeHead(statusCode).end("not so well"));

function probe(loopbackPort: number | undefined, check: Partial<EndpointHealthCheck> = {}, pace = REAL_TIME) {
  return makeProbe({
    resolve: async () => "192.0.2.1",
    dial: () => (loopbackPort === undefined ? undefined : { host: "127.0.0.1", port: loopbackPort }),
    pace,
  })(endpointCheck(check), new AbortController().signal);
}

test.each([200, 204, 302, 399])("status %d is healthy", async (statusCode) => {
  expect(await probe(await status(statusCode))).toEqual(OK);
});

test.each([400, 404, 500, 503])("status %d is a failure", async (statusCode) => {
  expect(await probe(await status(statusCode))).toEqual({ isOk: false, reason: `status ${statusCode}` });
});

test("asks for the path by the endpoint's name, with the port where it is not the scheme's own", async () => {
  const seen: (string | undefined)[] = [];
  const port = await serving((request, response) => {
    seen.push(request.method, request.url, request.headers.host);
    response.end();
  });
  await probe(port);
  await probe(port, { port: 8080, resourcePath: "deep?a=1" });
  expect(seen).toEqual([
    ...["GET", "/health", "us-east-1.api.example.com"],
    ...["GET", "/deep?a=1", "us-east-1.api.example.com:8080"],
  ]);
});

test("connects to where the name's address leads", async () => {
  const port = await status(200);
  const dialled: unknown[] = [];
  const ask = makeProbe({
    resolve: async (name) => (name === "us-east-1.api.example.com" ? "192.0.2.7" : undefined),
    dial: (...to) => {
      dialled.push(to);
      return { host: "127.0.0.1", port };
    },
    pace: REAL_TIME,
  });
  expect(await ask(endpointCheck(), new AbortController().signal)).toEqual(OK);
  expect(dialled).toEqual([["192.0.2.7", 80]]);
});

test("a name without an address is a failure, and so is a resolver that breaks", async () => {
  const ask = (resolve: () => Promise<string | undefined>) =>
    makeProbe({ resolve, dial: () => undefined, pace: REAL_TIME })(endpointCheck(), new AbortController().signal);
  expect(await ask(async () => undefined)).toEqual({ isOk: false, reason: "us-east-1.api.example.com has no address" });
  expect(await ask(() => Promise.reject(new Error("broken")))).toEqual({
    isOk: false,
    reason: "us-east-1.api.example.com does not resolve: broken",
  });
});

test("a refused connection is a failure, whether nothing is at the address or nothing listens there", async () => {
  expect(await probe(undefined)).toEqual({ isOk: false, reason: "connection refused by 192.0.2.1:80" });
  const port = await listen(createTcpServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await probe(port)).toEqual({ isOk: false, reason: "connection refused" });
});

test("a connection that is cut is a failure", async () => {
  const port = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
  expect(await probe(port)).toMatchObject({ isOk: false });
});

test("an endpoint that accepts and never answers fails for lack of a status, over TLS as well", async () => {
  const port = await listen(createTcpServer((socket) => socket.resume()));
  expect(await probe(port, {}, FAST)).toEqual({ isOk: false, reason: "no status within 2 s" });
  await isGone;
  expect(await probe(port, { type: "HTTPS" }, FAST)).toEqual({ isOk: false, reason: "no status within 2 s" });
  await isGone;
  expect(sockets.size).toBe(0);
});

test.each([
  ["HTTPS", 4],
  ["HTTP_STR_MATCH", 4],
  ["TCP", 10],
] as const)("a SYN that nobody answers: a check of type %s has no connection within %i s", async (type, seconds) => {
  const dial = () => ({ host: "127.0.0.1", port: 1, isSilent: true });
  const ask = makeProbe({ resolve: async () => "192.0.2.1", dial, pace: new Pace(1_000) });
  expect(await ask(endpointCheck({ type }), new AbortController().signal)).toEqual({
    isOk: false,
    reason: `no connection within ${seconds} s`,
  });
});

test("a TCP check asks for a connection and for nothing else", async () => {
  const port = await listen(createTcpServer((socket) => socket.resume()));
  expect(await probe(port, { type: "TCP" })).toEqual(OK);
  expect(await probe(undefined, { type: "TCP" })).toMatchObject({ isOk: false });
});

describe("over TLS", () => {
  const names: unknown[] = [];

  async function secure(): Promise<number> {
    // The certificate is for another name, and of an authority that nobody trusts.
    const certificate = await (await Authority.create()).issue(["other.example.org"]);
    const server = createHttpsServer(certificate, (request, response) => {
      names.push((request.socket as TLSSocket).servername);
      response.end();
    });
    return listen(server);
  }

  test("a TLS handshake takes its time from the two seconds for the status", async () => {
    const tls = createHttpsServer(await (await Authority.create()).issue(["api.example.com"]), (_, response) =>
      response.end(),
    );
    // Three declared seconds: late for a status, early for a connection, each by a wide margin.
    const slow = (delayMs: number) =>
      listen(createTcpServer((socket) => setTimeout(() => tls.emit("connection", socket), delayMs)));
    const late = { isOk: false, reason: "no status within 2 s" };
    expect(await probe(await slow(1_500), { type: "HTTPS", port: 443 }, new Pace(2))).toEqual(late);
    expect(await probe(await slow(0), { type: "HTTPS", port: 443 })).toEqual(OK);
  });

  test("any certificate is accepted, and SNI is sent where it is enabled", async () => {
    const port = await secure();
    expect(await probe(port, { type: "HTTPS", port: 443, enableSni: true })).toEqual(OK);
    expect(await probe(port, { type: "HTTPS", port: 443, enableSni: false })).toEqual(OK);
    expect(names).toEqual(["us-east-1.api.example.com", false]);
  });
});

describe("string matching", () => {
  const matching = (port: number, pace = REAL_TIME) =>
    probe(port, { type: "HTTP_STR_MATCH", searchString: "All good" }, pace);
  const body = (text: string) => serving((_, response) => response.end(text));

  test("finds the string in the body, in its own case only", async () => {
    expect(await matching(await body("<p>All good</p>"))).toEqual(OK);
    expect(await matching(await body("<p>all good</p>"))).toMatchObject({ isOk: false });
  });

  test("looks at the first 5,120 bytes only, and does not wait for more", async () => {
    const endless = (text: string) => serving((_, response) => response.write(text));
    expect(await matching(await endless(`${"x".repeat(5_112)}All good`))).toEqual(OK);
    expect(await matching(await endless(`${"x".repeat(5_113)}All good`))).toMatchObject({
      reason: "the body's first 5120 bytes lack All good",
    });
  });

  test("a status that is a failure stays one", async () => {
    const port = await serving((_, response) => response.writeHead(500).end("All good"));
    expect(await matching(port)).toEqual({ isOk: false, reason: "status 500" });
  });

  test("a body that does not end in time is a failure, though its status came in time", async () => {
    const port = await serving((_, response) => response.write("All"));
    expect(await matching(port, new Pace(5))).toEqual({ isOk: false, reason: "no body within 2 s" });
  });
});

test("a probe that is broken off leaves no socket", async () => {
  const port = await listen(createTcpServer((socket) => socket.resume()));
  const aborter = new AbortController();
  const ask = makeProbe({ resolve: async () => "", dial: () => ({ host: "127.0.0.1", port }), pace: REAL_TIME });
  const result = ask(endpointCheck(), aborter.signal);
  await once(servers[0] as Server, "connection");
  aborter.abort();
  await result;
  await isGone;
  expect(sockets.size).toBe(0);
});

test("a probe that is broken off does not wait for the resolver", async () => {
  const aborter = new AbortController();
  const ask = makeProbe({ resolve: () => new Promise(() => undefined), dial: () => undefined, pace: REAL_TIME });
  const result = ask(endpointCheck(), aborter.signal);
  aborter.abort();
  expect(await result).toMatchObject({ isOk: false });
});
