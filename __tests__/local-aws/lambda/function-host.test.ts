import fs from "node:fs";
import os from "node:os";
import type { LogLine } from "../../../local-aws/lambda/environment";
import { FunctionHost, type FunctionHostProps } from "../../../local-aws/lambda/function-host";
import { RuntimeApi } from "../../../local-aws/lambda/runtime-api";
import type { LambdaFunction } from "../../../topology/topology";
import { declaredFunction, eventually, isRunning } from "./declared-function";

const runtimeApi = new RuntimeApi();
const hosts: FunctionHost[] = [];

beforeAll(() => runtimeApi.start());
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});
afterAll(() => runtimeApi.stop());

type Options = Partial<Omit<FunctionHostProps, "lambda">> & {
  readonly warm?: number;
  readonly declared?: Partial<LambdaFunction>;
};

async function hosted(code: string | Record<string, string>, { warm = 0, declared = {}, ...props }: Options = {}) {
  const lambda = declaredFunction(typeof code === "string" ? { "index.js": code } : code, declared);
  const host = new FunctionHost({ lambda, region: "us-east-1", runtimeApi, accessKeyId: "AKIADRILL1", ...props });
  hosts.push(host);
  await host.start(warm);
  return host;
}

const RETURNS_ITS_PROCESS = `exports.handler = async ({ sleepMs = 0 }) => {
  await new Promise((resolve) => setTimeout(resolve, sleepMs));
  return process.pid;
};`;

test("runs the code of the zip, folders and own modules included", async () => {
  const host = await hosted(
    {
      "src/index.js": `const { greet } = require("./lib/greet"); exports.handler = async (event) => greet(event.name);`,
      "src/lib/greet.js": `exports.greet = (name) => "hello " + name;`,
    },
    { declared: { handler: "src/index.handler" } },
  );
  expect(await host.invoke({ name: "Ada" })).toEqual({ payload: "hello Ada" });
});

test("runs ES modules", async () => {
  const host = await hosted({ "index.mjs": "export const handler = async () => import.meta.url.slice(0, 5);" });
  expect(await host.invoke({})).toEqual({ payload: "file:" });
});

test("runs a handler that calls back", async () => {
  const host = await hosted("exports.handler = (event, context, callback) => setTimeout(() => callback(null, 7), 1);");
  expect(await host.invoke({})).toEqual({ payload: 7 });
});

test("finds no module that the zip does not hold", async () => {
  const host = await hosted(`require("fflate"); exports.handler = async () => 1;`);
  expect(await host.invoke({})).toMatchObject({
    functionError: expect.stringContaining("Cannot find module 'fflate'"),
  });
});

test("says so when the handler is not exported", async () => {
  const host = await hosted("exports.other = () => 1;");
  expect(await host.invoke({})).toEqual({
    functionError: "index.handler is undefined or not exported",
    errorType: "Runtime.HandlerNotFound",
  });
});

test("hands over the context that Lambda does", async () => {
  const host = await hosted(`exports.handler = async (event, context) => ({
    ...context, remainingMs: context.getRemainingTimeInMillis() });`);
  const result = await host.invoke({});
  expect(result).toMatchObject({
    payload: {
      functionName: "shop-cart",
      functionVersion: "$LATEST",
      memoryLimitInMB: "256",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:shop-cart",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
  const { remainingMs } = (result as { payload: { remainingMs: number } }).payload;
  expect(remainingMs).toBeGreaterThan(1_000);
  expect(remainingMs).toBeLessThanOrEqual(3_000);
});

test("sees declared, Lambda's and added variables, and of the drill's own only PATH", async () => {
  process.env["DRILL_SECRET"] = "must not be seen";
  const host = await hosted("exports.handler = async () => process.env;", {
    declared: { environment: { TABLE_NAME: "orders" } },
    environment: { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" },
  });
  const { payload } = (await host.invoke({})) as { payload: Record<string, string> };
  delete process.env["DRILL_SECRET"];
  expect(payload).toMatchObject({
    TABLE_NAME: "orders",
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIADRILL1",
    AWS_LAMBDA_FUNCTION_NAME: "shop-cart",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    _HANDLER: "index.handler",
    TZ: ":UTC",
    PATH: process.env["PATH"],
  });
  const ofTheDrill = Object.keys(payload).filter((name) => name in process.env);
  expect(ofTheDrill.filter((name) => !["PATH", "LANG", "TZ"].includes(name) && !name.startsWith("AWS_"))).toEqual([]);
  expect(payload["DRILL_SECRET"]).toBeUndefined();
});

test("an environment handles one invocation at a time, and the next one too", async () => {
  const host = await hosted(
    `let running = 0;
     exports.handler = async () => {
       running += 1;
       const most = running;
       await new Promise((resolve) => setTimeout(resolve, 20));
       running -= 1;
       return most;
     };`,
    { environmentCap: 1, queueMs: 10_000 },
  );
  expect(await Promise.all([1, 2, 3, 4].map(() => host.invoke({})))).toEqual(Array(4).fill({ payload: 1 }));
  expect(host.environmentCount).toBe(1);
});

test("overlapping invocations get environments of their own, up to the cap", async () => {
  const host = await hosted(RETURNS_ITS_PROCESS, { environmentCap: 3, queueMs: 10_000 });
  const results = await Promise.all(Array.from({ length: 9 }, () => host.invoke({ sleepMs: 100 })));
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(3);
  expect(host.environmentCount).toBe(3);
});

test("invocations that do not overlap share one environment", async () => {
  const host = await hosted(RETURNS_ITS_PROCESS);
  expect(await host.invoke({})).toEqual(await host.invoke({}));
});

test("throttles at once what exceeds the reserved concurrency", async () => {
  const host = await hosted(RETURNS_ITS_PROCESS, { declared: { reservedConcurrentExecutions: 1 } });
  const [first, second] = await Promise.all([host.invoke({}), host.invoke({})]);
  expect(first).toHaveProperty("payload");
  expect(second).toEqual({ functionError: "Rate Exceeded.", errorType: "TooManyRequestsException" });
});

test("throttles what waits too long for one of the machine's few environments", async () => {
  const host = await hosted(RETURNS_ITS_PROCESS, { environmentCap: 1, queueMs: 50, warm: 1 });
  const long = host.invoke({ sleepMs: 400 });
  expect(await host.invoke({})).toMatchObject({ errorType: "TooManyRequestsException" });
  expect(await long).toHaveProperty("payload");
});

test("warm environments wait before the first invocation", async () => {
  const host = await hosted(RETURNS_ITS_PROCESS, { warm: 2 });
  expect(host.environmentCount).toBe(2);
  await host.invoke({});
  expect(host.environmentCount).toBe(2);
});

test("ends an environment whose function takes longer than its time-out, and goes on with another", async () => {
  const host = await hosted("exports.handler = async ({ spin }) => { for (; spin; ); return process.pid; };", {
    declared: { timeoutSeconds: 0.3 },
    environmentCap: 1,
  });
  const { payload: pid } = (await host.invoke({})) as { payload: number };
  expect(await host.invoke({ spin: true })).toEqual({
    functionError: "Task timed out after 0.30 seconds",
    errorType: "Sandbox.Timedout",
  });
  await eventually(() => !isRunning(pid));
  const { payload: next } = (await host.invoke({})) as { payload: number };
  expect(next).not.toBe(pid);
});

test("a process that ends is a function error, and is replaced", async () => {
  const host = await hosted("exports.handler = async ({ exit }) => (exit ? process.exit(3) : process.pid);", {
    environmentCap: 1,
  });
  const before = await host.invoke({});
  expect(await host.invoke({ exit: true })).toEqual({
    functionError: "Runtime exited with error: exit status 3",
    errorType: "Runtime.ExitError",
  });
  const after = await host.invoke({});
  expect(after).toHaveProperty("payload");
  expect(after).not.toEqual(before);
});

test("an error that the function throws is a function error, and the environment goes on", async () => {
  const host = await hosted(`exports.handler = async ({ fail }) => {
    if (fail) throw new TypeError("no such thing");
    return process.pid;
  };`);
  const before = await host.invoke({});
  expect(await host.invoke({ fail: true })).toEqual({ functionError: "no such thing", errorType: "TypeError" });
  expect(await host.invoke({})).toEqual(before);
});

test("an error that nobody catches ends the environment", async () => {
  const host = await hosted(
    `exports.handler = (event, context, callback) => setTimeout(() => { throw new Error("stray"); }, 1);`,
  );
  expect(await host.invoke({})).toEqual({ functionError: "stray", errorType: "Runtime.UncaughtException" });
});

test("hands over what the function writes, line by line", async () => {
  const lines: LogLine[] = [];
  const host = await hosted(`exports.handler = async () => { console.log("one\\ntwo"); console.error("three"); };`, {
    onLine: (line) => lines.push(line),
  });
  expect(await host.invoke({})).toEqual({ payload: null });
  await eventually(() => lines.length === 3);
  expect(lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text)).toEqual(["one", "two"]);
  expect(lines).toContainEqual({ functionName: "shop-cart", region: "us-east-1", stream: "stderr", text: "three" });
});

test("leaves neither processes nor folders, and answers what was under way", async () => {
  const folders = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith("drill-lambda-"));
  const before = folders();
  const host = await hosted(
    "exports.handler = async ({ hang }) => (hang ? new Promise(() => {}) : [process.pid, __dirname]);",
  );
  const { payload } = (await host.invoke({})) as { payload: [number, string] };
  const underWay = host.invoke({ hang: true });
  await host.stop();
  expect(await underWay).toHaveProperty("functionError");
  expect(isRunning(payload[0])).toBe(false);
  expect(fs.existsSync(payload[1])).toBe(false);
  expect(folders().filter((name) => !before.includes(name))).toEqual([]);
  expect(await host.invoke({})).toHaveProperty("functionError");
});
