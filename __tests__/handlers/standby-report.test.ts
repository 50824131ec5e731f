import { makeStandbyReport } from "../../handlers/operations/standby-report";
import { recordedLog } from "./events";

async function reportAfter(isHealthy: () => Promise<boolean>) {
  const recorded = recordedLog();
  const reports: boolean[] = [];
  const timeouts: number[] = [];
  await makeStandbyReport({
    verdict: {
      isHealthy: (timeoutMs) => {
        timeouts.push(timeoutMs);
        return isHealthy();
      },
    },
    metrics: { reportStandby: (it) => reports.push(it) },
    log: recorded.log,
  })();
  return { reports, timeouts, events: recorded.events, text: recorded.text() };
}

test.each([true, false])("reports Route 53's verdict: healthy is %s", async (isHealthy) => {
  const { reports, timeouts, events } = await reportAfter(async () => isHealthy);
  expect([reports, timeouts, events]).toEqual([[isHealthy], [5_000], []]);
});

test("a verdict that cannot be read is reported as nothing, and the log says why", async () => {
  const { reports, events, text } = await reportAfter(() => Promise.reject(new Error("no TXT record of health")));
  expect([reports, events]).toEqual([[], ["standby-verdict-unknown"]]);
  expect(text).toContain("no TXT record of health");
});
