/** @type {import("jest").Config} What `npm test` runs: every suite but the long ones. */
module.exports = {
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "\\.long\\.test\\.ts$"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testEnvironment: "node",
  testSequencer: "<rootDir>/jest.sequencer.cjs",
  errorOnDeprecated: true,
  // Drills run many processes and keep time. Two suites at once leave each of them its pace on two cores.
  maxWorkers: 2,
};
