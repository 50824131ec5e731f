import { answerOf, INTERNAL_SERVER_ERROR } from "../../../local-aws/http-api/answer";

const JSON_TYPE = { "content-type": "application/json" };

test("a result without a status code is the body", () => {
  expect(answerOf({ payload: { total: 3 } })).toEqual({ statusCode: 200, headers: JSON_TYPE, body: '{"total":3}' });
  expect(answerOf({ payload: "hello" })).toEqual({ statusCode: 200, headers: JSON_TYPE, body: "hello" });
  expect(answerOf({ payload: null })).toMatchObject({ statusCode: 200, body: "null" });
});

test("a result with a status code says all itself", () => {
  const payload = {
    statusCode: 201,
    headers: { Location: "/orders/1", "Content-Type": "application/json", "x-count": 2 },
    cookies: ["a=1", "b=2"],
    body: "{}",
  };
  expect(answerOf({ payload })).toEqual({
    statusCode: 201,
    headers: { location: "/orders/1", "content-type": "application/json", "x-count": "2" },
    cookies: ["a=1", "b=2"],
    body: "{}",
  });
});

test("a body in base64 is decoded", () => {
  const payload = { statusCode: 200, isBase64Encoded: true, body: "AAEC" };
  expect(answerOf({ payload }).body).toEqual(Buffer.from([0, 1, 2]));
});

test.each([
  { statusCode: "ok" },
  { statusCode: 42 },
  { statusCode: 200, body: { total: 3 } },
  { statusCode: 200, headers: { "x-list": [1] } },
])("a result that is not in the format is an internal error: %j", (payload) => {
  expect(answerOf({ payload })).toBe(INTERNAL_SERVER_ERROR);
});

test.each(["TypeError", "Sandbox.Timedout", "TooManyRequestsException"])("so is a function's %s", (errorType) => {
  expect(answerOf({ functionError: "any", errorType })).toBe(INTERNAL_SERVER_ERROR);
});
