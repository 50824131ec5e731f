const short = require("./jest.config.cjs");

/** @type {import("jest").Config} What `npm run test:long` runs: the suites that `npm test` leaves out. */
module.exports = {
  ...short,
  testMatch: ["**/*.long.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // A suite of drills runs two side by side: they mostly wait for declared time.
  maxConcurrency: 2,
};
