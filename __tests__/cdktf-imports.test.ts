import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

// docs/after-cdktf.md: the move to cdktf's successor stays a rename of these imports.

const ROOT = path.resolve(__dirname, "..");
const FOLDERS = ["constructs", "stacks", "__tests__"];

/** Every mention of one of the two packages in an import of ours, by file. */
function imports(): { file: string; specifier: string }[] {
  const files = fs
    .readdirSync(ROOT, { recursive: false, withFileTypes: true })
    .filter((entry) => !/^(?:node_modules|cdktf\.out|\.)/.test(entry.name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? fs
            .readdirSync(path.join(ROOT, entry.name), { recursive: true, encoding: "utf8" })
            .map((file) => path.join(entry.name, file))
        : [entry.name],
    )
    .filter((file) => file.endsWith(".ts") && file !== path.join("__tests__", "cdktf-imports.test.ts"));
  return files.flatMap((file) =>
    [
      ...fs
        .readFileSync(path.join(ROOT, file), "utf8")
        .matchAll(/(?:from|import|require\(|import\()\s*["']((?:cdktf|@cdktf\/provider-aws)(?:\/[^"']*)?)["']/g),
    ].map(([, specifier = ""]) => ({ file, specifier })),
  );
}

test("only constructs, stacks and tests import cdktf and its provider", () => {
  const found = imports();
  expect(found.length).toBeGreaterThan(40);
  expect(found.filter(({ file }) => !FOLDERS.includes(file.split(path.sep)[0] ?? ""))).toEqual([]);
});

test("the documented rename reaches every import", () => {
  const guide = fs.readFileSync(path.join(ROOT, "docs", "after-cdktf.md"), "utf8");
  const [, script = ""] = /sed -i -E '([^']+)'/.exec(guide) ?? [];
  expect(script).not.toBe("");
  const before = imports().map(({ specifier }) => `import "${specifier}";`);
  const after = execFileSync("sed", ["-E", script], { input: before.join("\n"), encoding: "utf8" });
  expect(after.match(/@?cdktn/g)).toHaveLength(before.length);
  expect(after).not.toContain("cdktf");
});
