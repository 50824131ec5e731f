import fs from "node:fs";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { DeclarationError } from "../../terraform-json/errors";
import { refuseBrokenZips } from "../../topology/refuse-broken-zips";
import type { LambdaFunction, Topology } from "../../topology/topology";
import { scratchFolder } from "../synthesize";

function withCode(bytes: Uint8Array, handler: string): Topology {
  const zipPath = path.join(scratchFolder(), "code.zip");
  fs.writeFileSync(zipPath, bytes);
  const lambda = { address: "api: aws_lambda_function.cart", zipPath, handler } as LambdaFunction;
  return { regions: [{ functions: [lambda] }] } as unknown as Topology;
}

const zip = (name: string) => zipSync({ [name]: strToU8("exports.handler = async () => 1;") });

test.each([
  ["index.js", "index.handler"],
  ["src/cart.mjs", "src/cart.handler"],
])("a zip with %s has %s", (name, handler) => {
  expect(() => refuseBrokenZips(withCode(zip(name), handler))).not.toThrow();
});

test.each([
  [
    "a file that is not a zip",
    strToU8("a file that is not a zip"),
    /^api: aws_lambda_function\.cart: 'filename' must name a zip, got \/.*: .+; synthesize/,
  ],
  [
    "a zip without the handler's file",
    zip("index.py"),
    /^api: aws_lambda_function\.cart: 'handler' must name a file of .* got "index\.handler"; the zip has index\.py$/,
  ],
])("refuses %s with one line", (_, bytes, message) => {
  const topology = withCode(bytes, "index.handler");
  expect(() => refuseBrokenZips(topology)).toThrow(DeclarationError);
  expect(() => refuseBrokenZips(topology)).toThrow(message);
});
