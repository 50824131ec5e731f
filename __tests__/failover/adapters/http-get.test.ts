import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpGet } from "../../../failover/adapters/http-get";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

const signal = () => new AbortController().signal;

test("each question has a connection of its own", async () => {
  const url = await serving((_, response) => response.end("ok"));
  let connections = 0;
  server?.on("connection", () => {
    connections += 1;
  });
  await httpGet(url, {}, signal());
  const { status, body } = await httpGet(url, {}, signal());
  expect([status, String(body), connections]).toEqual([200, "ok", 2]);
});

test("a refused and a reset connection are told apart", async () => {
  const url = await serving((request) => request.socket.destroy());
  await expect(httpGet(url, {}, signal())).rejects.toMatchObject({
    short: "connection reset",
    detail: `GET ${url}: expected an answer; got connection reset`,
  });
  await expect(httpGet("http://127.0.0.1:1/", {}, signal())).rejects.toMatchObject({ short: "connection refused" });
});

test("an answer that is cut off, or without end, is none", async () => {
  const cut = await serving((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  });
  await expect(httpGet(cut, {}, signal())).rejects.toMatchObject({ name: "QuestionError" });
  server?.close();
  const endless = await serving((_, response) => void response.end("x".repeat(1_000_000)));
  await expect(httpGet(endless, {}, signal())).rejects.toMatchObject({
    detail: expect.stringContaining("65536 bytes"),
  });
});

test("an aborted question ends at once", async () => {
  const url = await serving(() => {});
  await expect(httpGet(url, {}, AbortSignal.timeout(50))).rejects.toMatchObject({ name: "QuestionError" });
});
