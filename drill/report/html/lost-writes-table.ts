import type { DrillResult } from "../../measure/result";
import { count, counted, seconds } from "../figures";
import { lostWritesSummary, lostWriteText } from "../lost-write-text";
import { clip } from "../plain-text";
import { html, type Markup } from "./markup";

/** Enough to look into; `result.json` has them all. */
const SHOWN_LIMIT = 50;
const NAME_LIMIT = 80;

/** Acknowledged writes that were lost for good, over the whole drill. */
export function lostWritesTable({ measures }: DrillResult): Markup {
  const { writesLost, cartsThatDiffer, whyCartsUnread, cartChangesAcknowledged, ordersAcknowledged } = measures;
  const isClean = writesLost.length === 0 && cartsThatDiffer.length === 0 && whyCartsUnread === undefined;
  if (isClean && cartChangesAcknowledged + ordersAcknowledged === 0)
    return html`<p>No cart change or order was acknowledged, so none could be lost.</p>`;
  if (isClean) {
    const followed = `${counted(cartChangesAcknowledged, "acknowledged cart change")} and ${counted(ordersAcknowledged, "acknowledged order")}`;
    return html`<p>${followed} were followed over the whole drill; none was lost.</p>`;
  }
  const summary = lostWritesSummary(measures, SHOWN_LIMIT).map((sentence) => html`<p>${sentence}</p>`);
  const rows = writesLost
    .slice(0, SHOWN_LIMIT)
    .map(
      (write) =>
        html`<tr><td class="figure">${seconds(write.acknowledgedAtMs)}</td><td>${clip(write.region, NAME_LIMIT)}</td><td>${clip(write.user ?? "", NAME_LIMIT)}</td><th scope="row">${clip(lostWriteText(write), NAME_LIMIT * 2)}</th></tr>`,
    );
  if (rows.length === 0) return html`${summary}`;
  const left = writesLost.length - rows.length;
  return html`${summary}
<table class="events"><thead><tr><th scope="col" class="figure">Acknowledged</th><th scope="col">by</th><th scope="col">User</th><th scope="col">Write</th></tr></thead><tbody>${rows}</tbody></table>${left > 0 ? html`<p>And ${count(left)} more, in result.json.</p>` : ""}`;
}
