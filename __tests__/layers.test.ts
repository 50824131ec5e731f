import fs from "node:fs";
import path from "node:path";
import { FAULTS } from "../drill/faults/faults";

const ROOT = path.resolve(__dirname, "..");

/** Which folders of ours each folder may import; a folder may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["bundling", "config", "constructs", "stacks"],
  stacks: ["constructs", "config"],
  constructs: ["handlers"],
  config: [],
  bundling: [],
  handlers: [],
  "terraform-json": [],
  topology: ["terraform-json"],
  "local-aws": ["topology", "terraform-json"],
  drill: ["local-aws", "topology", "terraform-json"],
  checks: ["terraform-json", "config", "failover"],
  failover: ["config"],
};

/** The only files of a layer that an importer may know, where it is not all of them: by importer and layer. */
const ONLY_FILES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // The arithmetic of a recovery, and how it is shown: what a deployment's settings are, checks read from its JSON.
  checks: {
    config: ["config/recovery-time-budget", "config/recovery-time-lines", "config/wrapped-lines"],
    // How questions are asked, and how their failures and tables read: the account is asked as operators ask it.
    failover: [
      "failover/adapters/aws",
      "failover/adapters/aws-failures",
      "failover/adapters/credentials",
      "failover/adapters/names",
      "failover/adapters/reach",
      "failover/answer",
      "failover/options",
      "failover/ports",
      "failover/terminal/columns",
    ],
  },
};

/** Folders of which only types may be imported, by importer. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { stacks: ["config"], constructs: ["handlers"] };

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
}

function sources(): string[] {
  return Object.keys(MAY_IMPORT).flatMap((entry) => {
    const full = path.join(ROOT, entry);
    if (!fs.existsSync(full)) return [];
    if (fs.statSync(full).isFile()) return [entry];
    return fs
      .readdirSync(full, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(entry, file));
  });
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"|\b(?:require|import)\("([^"]+)"\)|^import\s+"([^"]+)"/gms,
  );
  return [...statements].map(([, type, from, call, bare]) => ({
    file,
    specifier: from ?? call ?? bare ?? "",
    typesOnly: type !== undefined,
  }));
}

/** The folder of ours (or `main.ts`) that an import leads to; undefined for a package. */
function layerOf({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return path.relative(ROOT, path.resolve(ROOT, path.dirname(file), specifier)).split(path.sep)[0];
}

const allImports = sources().flatMap(importsOf);

test("the imports of every layer were read", () => {
  const layers = new Set(allImports.map(({ file }) => file.split(path.sep)[0]));
  for (const layer of Object.keys(MAY_IMPORT)) expect(layers).toContain(layer);
  expect(allImports.length).toBeGreaterThan(100);
});

test("layers import only the layers below them", () => {
  const wrong = allImports.filter((entry) => {
    const [from = ""] = entry.file.split(path.sep);
    const to = layerOf(entry);
    return to !== undefined && to !== from && !(MAY_IMPORT[from] ?? []).includes(to);
  });
  expect(wrong).toEqual([]);
});

/** The file of ours that an import leads to; undefined for a package. */
function importedFile({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const base = path.join(path.dirname(file), specifier);
  return [base, `${base}.ts`, path.join(base, "index.ts")].find((candidate) => files.has(candidate));
}

/** Files on a circle of imports, types included; nothing when there is none. */
function circle(): string[] {
  const done = new Set<string>();
  const visit = (file: string, parents: readonly string[]): string[] => {
    if (parents.includes(file)) return [...parents.slice(parents.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const imported of importsByFile.get(file) ?? []) {
      const found = visit(imported, [...parents, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  return [...files].map((file) => visit(file, [])).find((found) => found.length > 0) ?? [];
}

const files = new Set(sources());
const importsByFile = new Map(
  [...files].map((file) => [
    file,
    allImports.filter((entry) => entry.file === file).flatMap((entry) => importedFile(entry) ?? []),
  ]),
);

test("no file imports itself by way of others", () => {
  expect([...importsByFile.values()].flat().length).toBeGreaterThan(500);
  expect(circle()).toEqual([]);
});

test("the drill opens no socket: the local AWS does", () => {
  const modules = /^(?:node:)?(?:net|http|https|http2|tls|dgram|dns|dns\/promises|undici)$/;
  const opening = (layer: string) =>
    allImports.filter(({ file, specifier }) => file.startsWith(`${layer}${path.sep}`) && modules.test(specifier));
  expect(opening("local-aws").length).toBeGreaterThan(5);
  expect(opening("drill")).toEqual([]);
});

test("the local AWS knows no fault by name", () => {
  const naming = sources()
    .filter((file) => file.startsWith("local-aws"))
    .filter((file) => {
      const text = fs.readFileSync(path.join(ROOT, file), "utf8");
      return FAULTS.some(({ name }) => name !== "none" && text.includes(name));
    });
  expect(naming).toEqual([]);
});

test("checks import only the recovery arithmetic from config", () => {
  const allowedFiles = (entry: Import) => ONLY_FILES[entry.file.split(path.sep)[0] ?? ""]?.[layerOf(entry) ?? ""];
  const limited = allImports.filter((entry) => allowedFiles(entry) !== undefined);
  expect(limited.length).toBeGreaterThan(0);
  const wrong = limited.filter((entry) => {
    const imported = path.relative(ROOT, path.resolve(ROOT, path.dirname(entry.file), entry.specifier));
    return !allowedFiles(entry)?.includes(imported);
  });
  expect(wrong).toEqual([]);
});

test("stacks know the settings, and constructs the handlers' environments, as types alone", () => {
  const wrong = allImports.filter((entry) => {
    const [from = ""] = entry.file.split(path.sep);
    return !entry.typesOnly && (TYPES_ONLY[from] ?? []).includes(layerOf(entry) ?? "");
  });
  expect(wrong).toEqual([]);
});

test("provider resources are imported one by one: the barrel costs seconds and half a gigabyte", () => {
  const provider = allImports.filter(({ specifier }) => specifier.startsWith("@cdktf/provider-aws"));
  expect(provider.length).toBeGreaterThan(20);
  expect(provider.filter(({ specifier }) => !/^@cdktf\/provider-aws\/lib\/[a-z0-9-]+$/.test(specifier))).toEqual([]);
});

test("no deadline depends on the garbage collector: a time-out inside of AbortSignal.any may never come", () => {
  const users = sources().filter((file) => /AbortSignal\.any\(/.test(fs.readFileSync(path.join(ROOT, file), "utf8")));
  expect(users).toEqual([]);
});

test("main.ts alone reads the environment on the infrastructure's side", () => {
  const readers = sources()
    .filter((file) => /^(?:main\.ts|stacks|constructs|config|bundling)/.test(file))
    .filter((file) => fs.readFileSync(path.join(ROOT, file), "utf8").includes("process.env"));
  expect(readers).toEqual(["main.ts"]);
});

test("failover/main.ts alone reads the environment of the command for people on call", () => {
  const readers = sources()
    .filter((file) => file.startsWith("failover"))
    .filter((file) => fs.readFileSync(path.join(ROOT, file), "utf8").includes("process.env"));
  expect(readers).toEqual([path.join("failover", "main.ts")]);
});
