import { type DrillProgress, ProgressWriter } from "../../../drill/report/progress";

const PROGRESS: DrillProgress = {
  elapsedMs: 61_200,
  totalMs: 210_000,
  phase: "us-east-1 is gone",
  requestsPerSecond: 31,
  failures: 402,
  answer: "us-west-2",
};
const EVENT = { atMs: 58_000, kind: "check unhealthy", text: "PrimaryHealth turns\nunhealthy" } as const;

function prepare(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { wallMs: 0 };
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, clock, writer: new ProgressWriter({ stream, nowWallMs: () => clock.wallMs }) };
}

describe("in a terminal", () => {
  test("one line is rewritten in place, ten times a second at most", () => {
    const { written, clock, writer } = prepare(true);
    for (; clock.wallMs < 1000; clock.wallMs += 10) writer.update(PROGRESS);
    expect(written).toHaveLength(10);
    expect(written.join("")).not.toContain("\n");
    for (const text of written) expect(text.startsWith("\r\u001b[2K")).toBe(true);
    expect(written[0]).toContain("61.2 s of 210 s  31 req/s, 402 failed, us-west-2 answers  us-east-1 is gone");
  });

  test("the line is narrower than the terminal", () => {
    const { written, writer } = prepare(true, 50);
    writer.update(PROGRESS);
    expect(written.join("").replace("\r\u001b[2K", "")).toHaveLength(49);
  });

  test("an event stays above the live line", () => {
    const { written, writer } = prepare(true);
    writer.update(PROGRESS);
    writer.event(EVENT);
    expect(written[1]).toMatch(/^\r.\[2K {3}58\.0 s {2}PrimaryHealth turns unhealthy\n {3}61\.2 s of 210 s/);
  });

  test("nothing of the live line is left at the end", () => {
    const { written, writer } = prepare(true);
    writer.update(PROGRESS);
    writer.end();
    writer.end();
    expect(written.slice(1)).toEqual(["\r\u001b[2K"]);
  });
});

describe("in a log", () => {
  test("there are plain lines, every five seconds at most", () => {
    const { written, clock, writer } = prepare(false);
    for (; clock.wallMs < 20_000; clock.wallMs += 100) writer.update(PROGRESS);
    writer.end();
    expect(written).toHaveLength(4);
    for (const text of written) expect(text).toMatch(/^[^\p{Cc}]+\n$/u);
  });

  test("every event has a line of its own", () => {
    const { written, writer } = prepare(false);
    writer.event(EVENT);
    writer.event(EVENT);
    expect(written).toEqual(Array(2).fill("   58.0 s  PrimaryHealth turns unhealthy\n"));
  });

  test("a name that leads nowhere is answered by nobody", () => {
    const { written, writer } = prepare(false);
    const { answer: _, ...progress } = PROGRESS;
    writer.update(progress);
    expect(written[0]).toContain("402 failed, nobody answers");
  });
});
