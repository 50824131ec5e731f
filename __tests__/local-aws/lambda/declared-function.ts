import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import type { LambdaFunction } from "../../../topology/topology";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "drill-zips-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
let zips = 0;

/** A function as a topology declares it, with a real zip of these files. */
export function declaredFunction(
  files: Readonly<Record<string, string>>,
  overrides: Partial<LambdaFunction> = {},
): LambdaFunction {
  zips += 1;
  const zipPath = path.join(folder, `${zips}.zip`);
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  fs.writeFileSync(zipPath, zipSync(Object.fromEntries(entries)));
  return {
    address: "api-us-east-1: aws_lambda_function.cart",
    arn: "arn:aws:lambda:us-east-1:123456789012:function:shop-cart",
    functionName: "shop-cart",
    zipPath,
    handler: "index.handler",
    memorySizeMb: 256,
    timeoutSeconds: 3,
    environment: {},
    statements: [],
    invokers: [{ principal: "apigateway.amazonaws.com" }],
    ...overrides,
  };
}

/** Whether a process still runs; one that nobody has reaped yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    // Where there is no /proc, a process that takes signals runs.
    return (error as NodeJS.ErrnoException).code === "ENOENT" && !fs.existsSync("/proc");
  }
}

/** Waits until something is so, for ten seconds at most. */
export async function eventually(isSo: () => boolean, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not so after ${withinMs / 1_000} s: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
