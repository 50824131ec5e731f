/** @type {import("jest").Config} */
module.exports = {
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testEnvironment: "node",
  errorOnDeprecated: true,
  // Drills run many processes and keep time: two beside each other still do, more would disturb each other's clocks.
  maxWorkers: 2,
};
