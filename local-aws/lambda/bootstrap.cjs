// What AWS's own Node.js runtime does, in a plain script: loads a function's code, asks the Runtime API for events, posts what comes of them.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// Plain JavaScript, so that an environment starts without a compiler; it sees nothing of the drill but the Runtime API and name servers.
const dns = require("node:dns");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { Worker } = require("node:worker_threads");

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const runtimeUrl = new URL(`http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`);
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

endWithTheParent();
lookNamesUpInTheDrill();
runtime().catch((error) => die("Runtime.Unknown", error));

/**
 * The other end of stdin is the drill's. A thread of its own watches it, because a handler that never yields would keep this one from seeing
 * that the drill has been killed.
 */
function endWithTheParent() {
  const watch = `
    const end = () => process.kill(process.pid, "SIGKILL");
    new (require("node:net").Socket)({ fd: 0, readable: true, writable: false }).on("close", end).on("error", end).resume();`;
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };
  new Worker(watch, { eval: true, resourceLimits }).unref();
}

/** For `dns.resolve` and its kin. What connects by a name asks the machine instead: the drill puts addresses into those places itself. */
function lookNamesUpInTheDrill() {
  const { DRILL_NAME_SERVER } = process.env;
  delete process.env.DRILL_NAME_SERVER;
  if (DRILL_NAME_SERVER === undefined) return;
  for (const api of [dns.promises, dns]) {
    api.setServers([DRILL_NAME_SERVER]);
    api.Resolver = class extends api.Resolver {
      constructor(options) {
        super(options);
        this.setServers([DRILL_NAME_SERVER]);
      }
    };
  }
}

async function runtime() {
  let requestId;
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    const type = event === "uncaughtException" ? "Runtime.UncaughtException" : "Runtime.UnhandledPromiseRejection";
    process.on(event, (error) => die(type, error, requestId));
  }
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    return die(error.lambdaType ?? "Runtime.ImportModuleError", error);
  }
  for (;;) {
    const { headers, body } = await call("GET", "/invocation/next");
    requestId = headers["lambda-runtime-aws-request-id"];
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
    try {
      const result = await run(handler, JSON.parse(body), contextOf(headers));
      await call("POST", `/invocation/${requestId}/response`, JSON.stringify(result) ?? "null");
    } catch (error) {
      const { type, text } = errorOf(error);
      await call("POST", `/invocation/${requestId}/error`, text, type);
    }
    requestId = undefined;
  }
}

/** A handler returns a promise, or calls back. */
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof result?.then === "function") result.then(resolve, reject);
    // What is returned without a promise is dropped, as AWS does; a handler that takes a callback is waited for.
    else if (handler.length < 3) resolve(null);
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(headers) {
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

/** `folder/file.export`: the first dot of the last part divides file and export. */
async function loadHandler() {
  const [, folder, file, name] = /^(.*\/)?([^/.]+)\.(.+)$/.exec(_HANDLER) ?? [];
  if (name === undefined) throw failure("Runtime.MalformedHandlerName", `Bad handler: ${_HANDLER}`);
  const base = path.join(LAMBDA_TASK_ROOT, folder ?? "", file);
  const found = [".js", ".mjs", ".cjs"]
    .map((extension) => base + extension)
    .find((candidate) => fs.existsSync(candidate));
  if (found === undefined) throw failure("Runtime.ImportModuleError", `Cannot find module '${file}'`);
  const module = isEsModule(found) ? await import(pathToFileURL(found)) : require(found);
  const handler = name.split(".").reduce((value, key) => value?.[key], module);
  if (typeof handler !== "function") {
    throw failure("Runtime.HandlerNotFound", `${_HANDLER} is undefined or not exported`);
  }
  return handler;
}

function isEsModule(file) {
  if (!file.endsWith(".js")) return file.endsWith(".mjs");
  const description = path.join(LAMBDA_TASK_ROOT, "package.json");
  return fs.existsSync(description) && JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
}

function failure(lambdaType, message) {
  return Object.assign(new Error(message), { lambdaType });
}

function errorOf(error, type = error?.name ?? typeof error) {
  const errorMessage = error instanceof Error ? error.message : String(error);
  const trace = String(error?.stack ?? "").split("\n");
  return { type, text: JSON.stringify({ errorType: type, errorMessage, trace }) };
}

/** Tells the Runtime API, and ends: an environment that failed so is not used again. */
async function die(lambdaType, error, requestId) {
  console.error(error);
  const { type, text } = errorOf(error, lambdaType);
  const to = requestId === undefined ? "/init/error" : `/invocation/${requestId}/error`;
  await call("POST", to, text, type).catch(() => undefined);
  process.exit(129);
}

function call(method, to, body, errorType) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    if (errorType !== undefined) headers["lambda-runtime-function-error-type"] = errorType;
    const { hostname, port, pathname } = runtimeUrl;
    const request = http.request({ hostname, port, method, path: pathname + to, headers, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ headers: response.headers, body: text }));
    });
    // Without a Runtime API there is nobody to work for.
    request.on("error", (error) => (method === "GET" ? process.exit(0) : reject(error)));
    request.end(body);
  });
}
