import fc from "fast-check";
import { AWS_REGIONS } from "../../config/regions";
import { InvalidSettingsError } from "../../config/validate-settings";
import { exampleSettings, synthesize } from "../synthesize";

export const SEED = 20_251_020;

/** `valid` when the settings synthesized, `refused` when a message named every fault; anything else is thrown on. */
export function outcome(input: unknown): "valid" | "refused" {
  try {
    const { stacks } = synthesize(input);
    expect(Object.keys(stacks)).toHaveLength(5);
    return "valid";
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    const [heading, ...faults] = error.message.split("\n");
    expect(heading).toMatch(/^Deployment "test" has \d+ faults? in its settings:$/);
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatch(/^ {2}\S.*: expected .+; got .+$/);
    return "refused";
  }
}

/** Synthesizes so many well-formed settings; the same seed draws the same ones. */
export function expectWellFormedSettingsToSynthesize(numRuns: number): void {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
  const settings = fc
    .record({
      projectName: fc.stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/),
      environment: fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/),
      regions: fc.uniqueArray(fc.constantFrom(...AWS_REGIONS), { minLength: 2, maxLength: 2 }),
      zone: fc.tuple(label, label).map((parts) => parts.join(".")),
      host: label,
      alias: fc.boolean(),
      path: fc
        .stringMatching(/^(?:\/[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})?){1,3}$/)
        .filter((path) => !/^\/(?:live|cart|checkout|orders)(?:\/|$)/.test(path))
        .map((path) => `${path}/5f2b1c0e9d8a7b6c`),
      ttlSeconds: fc.integer({ min: 1, max: 3600 }),
      requestIntervalSeconds: fc.constantFrom(10, 30),
      failureThreshold: fc.integer({ min: 1, max: 10 }),
      recoveryPointSeconds: fc.integer({ min: 1, max: 86_400 }),
      burstLimit: fc.integer({ min: 1, max: 5000 }),
      topic: fc.boolean(),
      backend: fc.constantFrom("cloud", "s3", "local"),
      tags: fc.dictionary(
        fc.stringMatching(/^[A-Z][A-Za-z0-9 _.:/=+@-]{0,20}$/),
        fc.stringMatching(/^[A-Za-z0-9 _.:/=+@-]{0,40}$/),
        { maxKeys: 6 },
      ),
      protectData: fc.boolean(),
    })
    .map((made) => {
      const [primaryRegion = "", secondaryRegion = ""] = made.regions;
      return exampleSettings({
        projectName: made.projectName,
        environment: made.environment,
        primaryRegion,
        secondaryRegion,
        hostedZoneName: made.zone,
        apiDomainName: `${made.host}.${made.zone}`,
        failoverRecord: made.alias ? { type: "ALIAS" } : { type: "CNAME", ttlSeconds: made.ttlSeconds },
        healthCheck: {
          path: made.path,
          requestIntervalSeconds: made.requestIntervalSeconds,
          failureThreshold: made.failureThreshold,
        },
        objectives: { recoveryTimeSeconds: 3965, recoveryPointSeconds: made.recoveryPointSeconds },
        throttling: { burstLimit: made.burstLimit, rateLimitPerSecond: 10 },
        traffic: undefined,
        alarms: made.topic ? { topicName: "oncall" } : { email: "oncall@example.com" },
        backend: {
          cloud: { type: "cloud", organization: "example-org", workspacePrefix: "" },
          s3: { type: "s3", bucket: "example-states", region: secondaryRegion, keyPrefix: "shop" },
          local: { type: "local" },
        }[made.backend],
        tags: made.tags,
        protectData: made.protectData,
      });
    });
  fc.assert(
    fc.property(settings, (input) => {
      expect(outcome(input)).toBe("valid");
    }),
    { seed: SEED, numRuns },
  );
}
