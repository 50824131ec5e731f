import { Throttle } from "../../../local-aws/http-api/throttle";

const DEFAULT = { bucket: "default", burstLimit: 3, rateLimitPerSecond: 10 };

function throttleAt() {
  const clock = { ms: 5_000 };
  const throttle = new Throttle(() => clock.ms);
  const admitted = (count: number, throttling = DEFAULT) =>
    Array.from({ length: count }, () => throttle.admits(throttling)).filter((isIn) => isIn).length;
  return { clock, admitted };
}

test("admits a burst, and no more", () => {
  expect(throttleAt().admitted(5)).toBe(3);
});

test("refills at the rate, up to the burst", () => {
  const { clock, admitted } = throttleAt();
  admitted(3);
  clock.ms += 99;
  expect(admitted(1)).toBe(0);
  clock.ms += 1;
  expect(admitted(2)).toBe(1);
  clock.ms += 60_000;
  expect(admitted(5)).toBe(3);
});

test("admits the rate in the long run", () => {
  const { clock, admitted } = throttleAt();
  let total = 0;
  for (let step = 0; step < 1_000; step += 1) {
    clock.ms += 10;
    total += admitted(1);
  }
  expect(total).toBeGreaterThanOrEqual(100);
  expect(total).toBeLessThanOrEqual(103);
});

test("routes with limits of their own do not use up the others'", () => {
  const { admitted } = throttleAt();
  admitted(3);
  expect(admitted(1, { ...DEFAULT, bucket: "GET /health" })).toBe(1);
});

test.each([
  { burstLimit: 0, rateLimitPerSecond: 10 },
  { burstLimit: 3, rateLimitPerSecond: 0 },
])("admits nothing with %p", (limits) => {
  const { clock, admitted } = throttleAt();
  expect(admitted(5, { bucket: "default", ...limits })).toBe(0);
  clock.ms += 60_000;
  expect(admitted(5, { bucket: "default", ...limits })).toBe(0);
});
