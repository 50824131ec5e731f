const short = require("./jest.config.cjs");

/** @type {import("jest").Config} What `npm run test:long` runs: the suites that `npm test` leaves out. */
module.exports = {
  ...short,
  testMatch: ["**/*.long.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Drills of broken set-ups run two side by side: a crowded machine only makes them fail more.
  maxConcurrency: 2,
};
