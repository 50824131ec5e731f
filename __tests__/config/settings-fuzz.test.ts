import fc from "fast-check";
import type { SettingsInput } from "../../config/settings";
import { exampleSettings } from "../synthesize";
import { expectWellFormedSettingsToSynthesize, outcome, SEED } from "./random-settings";

test("any JSON gives a list of faults", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (input) => {
      expect(outcome(input)).toBe("refused");
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test("any JSON in place of one part of valid settings gives a list of faults or a synth", () => {
  const keys = Object.keys(exampleSettings()) as (keyof SettingsInput)[];
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      "${aws_kms_key.x.arn}",
      "%{ for x in y }",
      "",
      "\u0000",
      "../../x",
      "a\nb",
      "__proto__",
      "é",
      -1,
      0,
      1e308,
    ),
  );
  const change = fc.tuple(fc.constantFrom(...keys), hostile, fc.boolean());
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const settings: Record<string, unknown> = exampleSettings();
      for (const [key, value, inside] of changes) {
        const current = settings[key];
        const isObject = typeof current === "object" && current !== null && !Array.isArray(current);
        const [first] = isObject ? Object.keys(current) : [];
        settings[key] = inside && first !== undefined ? { ...(current as object), [first]: value } : value;
      }
      outcome(settings);
    }),
    { seed: SEED, numRuns: 400 },
  );
});

// `npm run test:long` goes on with more of the same seed.
test("well-formed settings synthesize, whatever their values", () => expectWellFormedSettingsToSynthesize(8));
