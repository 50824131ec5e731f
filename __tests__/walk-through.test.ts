import fs from "node:fs";
import path from "node:path";
import { checkoutRoutes } from "../constructs/http-api/checkout-routes";
import { httpRequest, type RequestParts, recordedMetrics } from "./handlers/events";
import { GlobalTables } from "./handlers/world/global-tables";
import { QueueEmulator } from "./handlers/world/queue-emulator";
import { feed, realPorts, shopOver } from "./handlers/world/shop";
import { VendorDouble } from "./handlers/world/vendor-double";

// Plays the README's requests, in order, and holds each answer to the one printed below it.

const REQUEST_ID = "JKJaXmPLvHcESHA=";
const QUEUE = { visibilityTimeoutMs: 360_000, maxReceiveCount: 5, retentionMs: 1_209_600_000 };
const HOSTS = ["us-east-1.api.example.com", "us-west-2.api.example.com"];
/** Whom the failover records lead to in the walk-through's beginning. */
const SERVING = "api.example.com";

interface Message {
  readonly startLine: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function messages(): Message[] {
  const guide = fs.readFileSync(path.resolve(__dirname, "..", "docs", "checkout-service.md"), "utf8");
  return [...guide.matchAll(/```http\n([\s\S]*?)```/g)].map(([, text = ""]) => {
    const [head = "", body = ""] = text.trim().split("\n\n");
    const [startLine = "", ...lines] = head.split("\n");
    const headers = lines.map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) ?? []);
    return {
      startLine,
      headers: Object.fromEntries(headers.map(([name = "", value = ""]) => [name.toLowerCase(), value])),
      body,
    };
  });
}

/** The event that API Gateway makes of a request, with the route that it would choose. */
function eventOf({ startLine, headers, body }: Message) {
  const [method, target = ""] = startLine.split(" ");
  const routes = checkoutRoutes("/health").filter((route) => route.method === method);
  for (const route of routes) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
    const values = new RegExp(`^${route.path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(target)?.slice(1);
    if (values === undefined) continue;
    const parts: RequestParts = {
      user: "ada",
      headers,
      path: Object.fromEntries(names.map((name, index) => [name, String(values[index])])),
      ...(body === "" ? {} : { body }),
    };
    const event = httpRequest(`${method} ${route.path}`, parts);
    return {
      target: route.target,
      event: { ...event, requestContext: { ...event.requestContext, requestId: REQUEST_ID } },
    };
  }
  throw new Error(`README.md: no route serves "${startLine}"`);
}

test("the README's walk-through goes as it says", async () => {
  const tables = await GlobalTables.start();
  const vendor = new VendorDouble();
  await vendor.arrive();
  let nowMs = Date.UTC(2026, 10, 22, 12);
  const metrics = recordedMetrics();
  const queues = HOSTS.map(() => new QueueEmulator(QUEUE, () => nowMs));
  const shops = queues.map((queue, index) =>
    shopOver(realPorts(tables, index === 0 ? 0 : 1, queue, vendor, metrics), {
      region: index === 0 ? "us-east-1" : "us-west-2",
      peerRegion: index === 0 ? "us-west-2" : "us-east-1",
      ownAgeSeconds: 2_100,
      takeoverAgeSeconds: 3_600,
      nowMs: () => nowMs,
      metrics,
    }),
  );
  try {
    const script = messages();
    expect(script.length).toBeGreaterThanOrEqual(10);
    for (let index = 0; index < script.length; index += 2) {
      const [request, printed] = script.slice(index, index + 2) as [Message, Message];
      const region = request.headers["host"] === SERVING ? 0 : HOSTS.indexOf(request.headers["host"] ?? "");
      const [shop, queue] = [shops[region], queues[region]];
      if (shop === undefined || queue === undefined)
        throw new Error(`README.md: no region serves ${request.headers["host"]}`);
      const { target, event } = eventOf(request);
      // An order that is asked for has been in its queue for a moment.
      if (target === "order")
        await feed(
          () => queue.receive(),
          shop.worker,
          (ids) => queue.delete(ids),
        );
      const response = await shop[target as "cart" | "checkout" | "order"](event);
      expect(`HTTP/1.1 ${response.statusCode}`).toBe(printed.startLine.slice(0, 12));
      expect(response.headers).toMatchObject(printed.headers);
      expect(JSON.parse(response.body ?? "")).toEqual(JSON.parse(printed.body));
      await tables.deliverAll();
      nowMs += 1_000;
    }
    expect(vendor.moved).toHaveLength(1);
  } finally {
    await Promise.all([tables.stop(), vendor.goAway()]);
  }
});
