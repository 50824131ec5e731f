import { known } from "../../../failover/answer";
import type { Facts } from "../../../failover/facts/facts";
import { headline } from "../../../failover/status/headline";
import { AT_REST, SILENT } from "../sample-facts";

const alarm = (state: string) => known({ state, changedAt: undefined, accountId: undefined });
const stoodDown = { ...AT_REST.switch, verdict: known("stood down" as const), alarm: alarm("ALARM") };
const live = (region: string) => known({ status: 200, region, tookMs: 40 });

test.each<[Partial<Facts>, string]>([
  [{}, "api.example.com is answered by us-east-1; the primary is in service."],
  [
    { switch: stoodDown, live: live("us-west-2") },
    "api.example.com is answered by us-west-2; the primary is stood down.",
  ],
  [
    { switch: stoodDown, live: live("us-west-2"), endpointVerdict: known("unhealthy") },
    "api.example.com is answered by us-west-2; the primary is stood down, and its health check is unhealthy.",
  ],
  [
    { endpointVerdict: known("unhealthy"), live: live("us-west-2") },
    "api.example.com is answered by us-west-2; the primary's health check is unhealthy.",
  ],
  [
    { switch: stoodDown },
    "api.example.com is answered by us-east-1; the primary is stood down. A change is under way, or this machine's resolver still holds the old answer.",
  ],
  [
    { live: live("us-west-2") },
    "api.example.com is answered by us-west-2; the primary is in service. A change is under way, or this machine's resolver still holds the old answer.",
  ],
  [
    { live: SILENT, switch: { ...AT_REST.switch, verdict: SILENT } },
    "api.example.com gives no answer (no answer within 3 s); whether the primary is stood down is not known (no answer within 3 s).",
  ],
  [
    { live: known({ status: 503, region: undefined, tookMs: 40 }), endpointVerdict: SILENT },
    "api.example.com answers with status 503; the primary is not stood down; its health is not known (no answer within 3 s).",
  ],
  [
    { switch: { ...stoodDown, alarm: alarm("OK") }, live: live("us-west-2") },
    "api.example.com is answered by us-west-2; the primary is stood down. The switch's alarm is OK, and Route 53 does not follow it yet.",
  ],
])("%#: one sentence tells where everything stands", (change, sentence) => {
  expect(headline({ ...AT_REST, ...change })).toBe(sentence);
});
