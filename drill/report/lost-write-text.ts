import type { LostWrite } from "../measure/lost-writes";
import type { DrillMeasures } from "../measure/result";
import { counted } from "./figures";

/** `3 × sku-14 at 731 EUR in its minor unit`, `order 1f0c…`, `item checkout {"userId":…}`. */
export function lostWriteText({ what, quantity, sku, unitPriceMinor, currency, key }: LostWrite): string {
  if (what !== "cart line") return `${what} ${key ?? ""}`;
  return `${quantity ?? 0} × ${sku ?? ""} at ${unitPriceMinor ?? 0} ${currency ?? ""} in its minor unit`;
}

/** Why no cart was followed, how many writes were lost, and which carts differ, as sentences. */
export function lostWritesSummary(measures: DrillMeasures, namesShown: number): string[] {
  const { writesLost, cartsThatDiffer, whyCartsUnread } = measures;
  const names = cartsThatDiffer.slice(0, namesShown).join(", ");
  const more = cartsThatDiffer.length > namesShown ? " and others" : "";
  return [
    ...(whyCartsUnread === undefined ? [] : [`cart changes were not followed: ${whyCartsUnread}`]),
    ...(writesLost.length === 0 ? [] : [counted(writesLost.length, "acknowledged write")]),
    ...(cartsThatDiffer.length === 0
      ? []
      : [`regions show different carts of ${counted(cartsThatDiffer.length, "user")}: ${names}${more}`]),
  ];
}
