import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { bundleHandlers } from "../../bundling/bundle-handlers";
import { reproducibleZip } from "../../bundling/reproducible-zip";

const ROOT = path.resolve(__dirname, "../..");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bundling-"));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** A project of one handler that uses one package of ours. */
function project(name: string, source = "export const handler = async () => ({ statusCode: 200 });"): string {
  const folder = path.join(scratch, name);
  fs.mkdirSync(path.join(folder, "handlers"), { recursive: true });
  fs.writeFileSync(path.join(folder, "package-lock.json"), "{}");
  fs.writeFileSync(path.join(folder, "handlers", "hello.ts"), source);
  return folder;
}

const bundle = async (projectFolder: string) =>
  (await bundleHandlers({ projectFolder, handlerNames: ["hello"] })).hello;

test("the same sources in two folders, touched at different times, give the same bytes", async () => {
  const [one, two] = [project("one"), project("two")];
  fs.utimesSync(path.join(two, "handlers", "hello.ts"), new Date(2001, 1, 1), new Date(2001, 1, 1));
  const [first, second] = [await bundle(one), await bundle(two)];
  expect(first.path).not.toBe(second.path);
  expect(fs.readFileSync(first.path).equals(fs.readFileSync(second.path))).toBe(true);
  expect(first.sha256Base64).toBe(second.sha256Base64);
});

test("a zip does not tell its maker's time zone, nor the order in which files were added", () => {
  const script = `
    const { reproducibleZip } = require("./bundling/reproducible-zip");
    process.stdout.write(Buffer.from(reproducibleZip({ b: Buffer.from("2"), a: Buffer.from("1") })).toString("hex"));`;
  const zipIn = (TZ: string) =>
    execFileSync(process.execPath, ["--import", "tsx", "-e", script], {
      cwd: ROOT,
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
  const here = Buffer.from(reproducibleZip({ a: Buffer.from("1"), b: Buffer.from("2") })).toString("hex");
  expect(zipIn("Asia/Tokyo")).toBe(here);
  expect(zipIn("America/Los_Angeles")).toBe(here);
});

test("the zip holds index.js alone, readable by everyone, with a handler that runs", async () => {
  const { path: zip, codeBytes, zipBytes } = await bundle(project("runs"));
  const contents = fs.readFileSync(zip);
  const files = unzipSync(contents);
  expect(Object.keys(files)).toEqual(["index.js"]);
  expect(files["index.js"]?.length).toBe(codeBytes);
  expect(contents.length).toBe(zipBytes);
  // External attributes of the first central directory entry: the Unix mode in the upper half.
  const central = contents.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  expect((contents.readUInt32LE(central + 38) >>> 16).toString(8)).toBe("100644");
  const unpacked = path.join(scratch, "index.js");
  fs.writeFileSync(unpacked, files["index.js"] ?? "");
  await expect(require(unpacked).handler()).resolves.toEqual({ statusCode: 200 });
});

test("unchanged handlers are read from the cache, changed ones are built", async () => {
  const folder = project("cached");
  const first = await bundle(folder);
  const builtAt = fs.statSync(first.path).mtimeMs;
  expect(await bundle(folder)).toEqual(first);
  expect(fs.statSync(first.path).mtimeMs).toBe(builtAt);

  fs.writeFileSync(
    path.join(folder, "handlers", "hello.ts"),
    "export const handler = async () => ({ statusCode: 204 });",
  );
  expect((await bundle(folder)).sha256Base64).not.toBe(first.sha256Base64);
});

test("two builds at once end with the same bundles, both believed", async () => {
  const folder = project("twice");
  const [first, second] = await Promise.all([bundle(folder), bundle(folder)]);
  expect(first).toEqual(second);
  expect(fs.readdirSync(path.join(folder, ".cache", "bundles"))).toHaveLength(1);
});

test("a handler's code is minified, and what it does not use is left out", async () => {
  const { codeBytes } = await bundle(
    project(
      "small",
      `const unused = "${"x".repeat(5000)}";\nexport const handler = async () => {\n  const long = 1;\n  return long;\n};`,
    ),
  );
  expect(codeBytes).toBeLessThan(1000);
});

test("a changed record of what is installed builds anew", async () => {
  const folder = project("installed");
  const first = await bundle(folder);
  fs.mkdirSync(path.join(folder, "node_modules"));
  fs.writeFileSync(path.join(folder, "node_modules", ".package-lock.json"), "{}");
  expect((await bundle(folder)).path).not.toBe(first.path);
});

test("the type checker's options have no say in the bytes", async () => {
  const [plain, strict] = [project("plain"), project("strict")];
  fs.writeFileSync(
    path.join(strict, "tsconfig.json"),
    '{"compilerOptions":{"alwaysStrict":true,"target":"ES5","useDefineForClassFields":false}}',
  );
  expect((await bundle(strict)).sha256Base64).toBe((await bundle(plain)).sha256Base64);
});

test("a changed lock file builds anew", async () => {
  const folder = project("locked");
  const first = await bundle(folder);
  fs.writeFileSync(path.join(folder, "package-lock.json"), '{"lockfileVersion":3}');
  expect((await bundle(folder)).path).not.toBe(first.path);
});

test("a build takes away what lay in the cache for more than a day, and nothing younger", async () => {
  const folder = project("pruned");
  const cache = path.join(folder, ".cache", "bundles");
  for (const name of ["old", "young"]) fs.mkdirSync(path.join(cache, name), { recursive: true });
  const dayAndHourAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  fs.utimesSync(path.join(cache, "old"), dayAndHourAgo, dayAndHourAgo);
  const built = path.basename(path.dirname((await bundle(folder)).path));
  expect(fs.readdirSync(cache).sort()).toEqual([built, "young"].sort());
});

test("a damaged cache is built anew", async () => {
  const folder = project("damaged");
  const first = await bundle(folder);
  const good = fs.readFileSync(first.path);
  fs.writeFileSync(first.path, "not a zip");
  expect(fs.readFileSync((await bundle(folder)).path).equals(good)).toBe(true);
});

test("a handler that does not build is an error that names file and line, and leaves nothing behind", async () => {
  const folder = project("broken", "export const handler = (;");
  await expect(bundle(folder)).rejects.toThrow(/handlers\/hello\.ts:1:24: ERROR/);
  expect(fs.readdirSync(path.join(folder, ".cache", "bundles"))).toEqual([]);
});
