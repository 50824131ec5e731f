import { awsFailure } from "../../../failover/adapters/aws-failures";
import { OPERATIONS } from "../../../failover/adapters/operations";

const CALLED = {
  operation: OPERATIONS.query,
  region: "us-west-2",
  resource: "arn:aws:dynamodb:us-west-2:1:table/orders",
};

const failing = (name: string, extras: object = {}) =>
  Object.assign(new Error(`${name}!\nsecond line`), { name, ...extras });

test.each<[unknown, string, string, boolean]>([
  [
    failing("AccessDeniedException"),
    "denied",
    "AccessDeniedException; allow the caller dynamodb:Query on arn:aws:dynamodb:us-west-2:1:table/orders",
    true,
  ],
  [
    failing("ExpiredTokenException"),
    "credentials expired",
    "ExpiredTokenException; sign in again, or set fresh credentials",
    true,
  ],
  [
    failing("UnrecognizedClientException"),
    "credentials invalid",
    "UnrecognizedClientException; set credentials of the deployment's account",
    true,
  ],
  [failing("ThrottlingException"), "throttled", "ThrottlingException; try again in a moment", false],
  [
    failing("ResourceNotFoundException"),
    "not found",
    "ResourceNotFoundException; is arn:aws:dynamodb:us-west-2:1:table/orders applied, and are these its account's credentials?",
    true,
  ],
  [failing("TimeoutError"), "no answer", "none in time", false],
  [failing("Error", { code: "ECONNREFUSED" }), "connection refused", "connection refused", false],
  [failing("AggregateError", { errors: [{ code: "ENOTFOUND" }] }), "name not found", "name not found", false],
  [failing("InternalServerError"), "failed", "InternalServerError: InternalServerError!", false],
  ["text", "failed", "Error: text", false],
])("%#: one line tells where, what came, and what to do", (error, short, got, isFinal) => {
  expect(awsFailure(CALLED, error)).toMatchObject({
    short,
    detail: `DynamoDB Query in us-west-2: expected an answer; got ${got}`,
    isFinal,
  });
});
