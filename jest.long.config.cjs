const short = require("./jest.config.cjs");

/** @type {import("jest").Config} What `npm run test:long` runs: the suites that `npm test` leaves out. */
module.exports = {
  ...short,
  testMatch: ["**/*.long.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Drills mostly wait for declared time: three suites at once keep two cores busy.
  maxWorkers: 3,
  // Drills at once in a suite that runs them side by side.
  maxConcurrency: 2,
};
