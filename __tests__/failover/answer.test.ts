import { askWithin, QuestionError } from "../../failover/answer";

test("an answer in time is known, a failure keeps its words, anything else its first line", async () => {
  const ask = askWithin(1_000);
  expect(await ask(async () => 7)).toEqual({ isKnown: true, value: 7 });
  const denied = new QuestionError("denied", "allow it");
  expect(await ask(() => Promise.reject(denied))).toEqual({
    isKnown: false,
    short: "denied",
    detail: "allow it",
    isFinal: false,
  });
  const thrown = () => {
    throw new Error("one\ntwo");
  };
  expect(await ask(thrown)).toEqual({ isKnown: false, short: "failed", detail: "one" });
});

test("a question without an answer ends with its bound, and is told so", async () => {
  let isAborted = false;
  const answer = await askWithin(30)((signal) => {
    signal.addEventListener("abort", () => {
      isAborted = true;
    });
    return new Promise(() => {});
  });
  expect(answer).toEqual({ isKnown: false, short: "no answer within 0.03 s" });
  expect(isAborted).toBe(true);
});

test("questions end when the command is broken off", async () => {
  const aborter = new AbortController();
  const asked = askWithin(60_000, aborter.signal)(() => new Promise(() => {}));
  aborter.abort();
  expect(await asked).toEqual({ isKnown: false, short: "broken off" });
  expect(await askWithin(60_000, aborter.signal)(() => new Promise(() => {}))).toMatchObject({ short: "broken off" });
});
