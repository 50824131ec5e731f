import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { declaredFunction, eventually, isRunning } from "./declared-function";

const ROOT = path.resolve(__dirname, "../../..");

/** A parent that hosts a function, tells the function's process, and lets it do as told. */
const PARENT = (zipPath: string, event: object) => `
import { FunctionHost } from ${JSON.stringify(path.join(ROOT, "local-aws/lambda/function-host"))};
import { RuntimeApi } from ${JSON.stringify(path.join(ROOT, "local-aws/lambda/runtime-api"))};
async function run() {
  const runtimeApi = new RuntimeApi();
  await runtimeApi.start();
  const lambda = { ...${JSON.stringify(declaredFunction({}))}, zipPath: ${JSON.stringify(zipPath)}, timeoutSeconds: 60 };
  const onLine = ({ text }: { text: string }) => console.log(text);
  const host = new FunctionHost({ lambda, region: "us-east-1", runtimeApi, accessKeyId: "AKIA", onLine });
  await host.start(1);
  void host.invoke(${JSON.stringify(event)});
}
void run();`;

test.each([
  ["waits", { spin: false }],
  ["never yields", { spin: true }],
])(
  "a function that %s ends when the drill is killed",
  async (_, event) => {
    const { zipPath } = declaredFunction({
      "index.js": `const { writeSync } = require("node:fs");
      exports.handler = async ({ spin }) => {
        writeSync(1, process.pid + " " + __dirname + "\\n");
        for (; spin; );
        await new Promise(() => {});
      };`,
    });
    const script = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "drill-parent-")), "parent.ts");
    fs.writeFileSync(script, PARENT(zipPath, event));
    const parent = spawn(process.execPath, ["--import", "tsx", script], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const [pid = "", taskRoot = ""] = line.toString().trim().split(" ");
    expect(isRunning(Number(pid))).toBe(true);
    parent.kill("SIGKILL");
    await eventually(() => !isRunning(Number(pid)));
    fs.rmSync(taskRoot, { recursive: true, force: true }); // A killed drill cannot clean up.
    fs.rmSync(path.dirname(script), { recursive: true, force: true });
  },
  20_000,
);
