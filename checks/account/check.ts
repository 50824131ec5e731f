import type { Asking } from "../../failover/answer";
import { accountFindings } from "./account-findings";
import type { Finding } from "./finding";
import { issuerFindings } from "./issuer-findings";
import type { AccountNeeds } from "./needs";
import type { Account, PublicInternet } from "./ports";
import { regionFindings } from "./region-findings";

/** Asks everything at once; nothing is changed by it. In the order of the table: account, issuer, primary, standby. */
export async function checkAccount(
  needs: AccountNeeds,
  account: Account,
  internet: PublicInternet,
  ask: Asking,
): Promise<Finding[]> {
  const findings = await Promise.all([
    accountFindings(needs, account, internet, ask),
    issuerFindings(needs, internet, ask),
    ...needs.regions.map((region) => regionFindings(region, needs, account.region(region.region), ask)),
  ]);
  return findings.flat();
}
