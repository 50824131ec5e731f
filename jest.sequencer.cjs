const { default: Sequencer } = require("@jest/test-sequencer");

/** The longest suites, most of which wait for declared time. Started last, each would leave the other worker idle at the end. */
const LONGEST = [
  "switch-scenarios.long",
  "runbook.long",
  "broken-set-ups.long",
  "histories.long",
  "live-drill",
  "drill/command",
  "drilled-deployment",
  "local-aws/local-aws",
];

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`));
  return rank < 0 ? LONGEST.length : rank;
};

/** Starts the longest suites first; the others keep Jest's own order. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
};
