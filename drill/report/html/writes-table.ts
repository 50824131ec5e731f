import type { WriteRecord } from "../../measure/history";
import type { DrillResult } from "../../measure/result";
import { count, counted, seconds, share } from "../figures";
import { html, type Markup } from "./markup";

/** Enough to look into; `result.json` has them all. */
const LOST_LIMIT = 20;
const REGION_LIMIT = 6;

interface Fate {
  readonly name: string;
  readonly holds: (write: WriteRecord) => boolean;
}

const FATES: readonly Fate[] = [
  {
    name: "in the surviving region at failover, and in the end",
    holds: (write) => write.inTheEnd === "present" && write.visibleAtFailover,
  },
  {
    name: "missing at failover, back in the end",
    holds: (write) => write.inTheEnd === "present" && !write.visibleAtFailover,
  },
  {
    name: "overwritten by a later write in the other region (last writer wins)",
    holds: (write) => write.inTheEnd === "lost to last-writer-wins",
  },
  { name: "lost", holds: (write) => write.inTheEnd === "lost" },
];

/** Outcomes of the acknowledged writes that were on their way to the standby at the recovery point. */
export function writesTable({ history: { writes }, measures }: DrillResult): Markup {
  if (writes.length === 0) return html`<p>${nothingOnItsWay(measures)}</p>`;
  const regions = [...new Set(writes.map(({ region }) => region))].slice(0, REGION_LIMIT);
  const rows = FATES.map(({ name, holds }) => {
    const held = writes.filter(holds);
    const orders = held.filter(({ what }) => what.startsWith("order")).length;
    return html`<tr><th scope="row">${name}</th>${regions.map((region) => figure(region, held.filter((write) => write.region === region).length))}${figure("of which orders", orders)}${figure("all", held.length)}<td class="figure" data-label="share">${share(held.length, writes.length)}</td></tr>`;
  });
  return html`<table class="stacking writes"><thead><tr><th scope="col">Outcome</th>${regions.map((region) => html`<th scope="col" class="figure">${region}</th>`)}<th scope="col" class="figure">of which orders</th><th scope="col" class="figure">all</th><th scope="col" class="figure">share</th></tr></thead>
<tbody>${rows}</tbody></table>${lostWrites(writes)}`;
}

/** Says that no write was missing only if some write could have been. */
function nothingOnItsWay({ writesBeforeRecoveryPoint, writesWithoutReplica }: DrillResult["measures"]): string {
  if (writesWithoutReplica > 0)
    return `${counted(writesWithoutReplica, "acknowledged write")} went to tables without a replica in the standby, which never held them.`;
  if (writesBeforeRecoveryPoint === 0) return "No write was acknowledged before the fault, so none could be lost.";
  return `None of ${counted(writesBeforeRecoveryPoint, "acknowledged write")} was still waiting for replication to the standby.`;
}

function figure(label: string, value: number): Markup {
  return html`<td class="figure" data-label="${label}">${value === 0 ? "none" : count(value)}</td>`;
}

function lostWrites(writes: readonly WriteRecord[]): Markup {
  const lost = writes.filter(({ inTheEnd }) => inTheEnd !== "present");
  if (lost.length === 0) return html`<p>None of these writes was lost.</p>`;
  const rows = lost
    .slice(0, LOST_LIMIT)
    .map(
      ({ acknowledgedAtMs, region, what, inTheEnd }) =>
        html`<tr><td class="figure">${seconds(acknowledgedAtMs)}</td><td>${region}</td><th scope="row">${what}</th><td>${inTheEnd}</td></tr>`,
    );
  const left = lost.length - rows.length;
  return html`<h3>Lost writes</h3><table class="events"><thead><tr><th scope="col" class="figure">Acknowledged</th><th scope="col">by</th><th scope="col">Write</th><th scope="col">In the end</th></tr></thead><tbody>${rows}</tbody></table>${left > 0 ? html`<p>And ${count(left)} more, in result.json.</p>` : ""}`;
}
