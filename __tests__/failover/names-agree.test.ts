import { UNPAID_INDEX_NAME } from "../../failover/adapters/aws";
import { UNPAID_INDEX_NAME as DECLARED } from "../../stacks/global-data-stack";

test("the index that is counted is the one that is declared", () => {
  expect(UNPAID_INDEX_NAME).toBe(DECLARED);
});
