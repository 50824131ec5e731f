import type { Asking } from "../../failover/answer";
import { type Finding, failed, finding, type Judged, passed } from "./finding";
import type { AccountNeeds } from "./needs";
import type { Account, PublicInternet, ZoneRecord } from "./ports";

/** Set identifiers of the deployment's own failover records. */
const OUR_SET_IDENTIFIERS: readonly (string | undefined)[] = ["primary", "secondary"];

/** What concerns the account as a whole: its number, the hosted zone, the API's records. */
export async function accountFindings(
  needs: AccountNeeds,
  account: Account,
  internet: PublicInternet,
  ask: Asking,
): Promise<Finding[]> {
  const { accountId } = needs;
  const [identity, zones] = await Promise.all([
    accountId === undefined
      ? []
      : finding(ask, "account", "global", account.id, (id) =>
          id === accountId
            ? passed(id)
            : failed(
                id,
                `the settings' accountId is ${accountId}: use that account's credentials, or correct the setting`,
              ),
        ),
    Promise.all(needs.hostedZoneNames.map((name) => zoneFindings(name, needs, account, internet, ask))),
  ]);
  return [identity, zones].flat(2);
}

async function zoneFindings(
  name: string,
  needs: AccountNeeds,
  account: Account,
  internet: PublicInternet,
  ask: Asking,
): Promise<Finding[]> {
  const zones = await ask((signal) => account.hostedZones(name, signal));
  const subject = `hosted zone ${name}`;
  if (!zones.isKnown) {
    return [{ subject, place: "global", outcome: "unknown", found: zones.short, advice: zones.detail ?? "" }];
  }
  const judged = judgeZones(zones.value.map(({ isPrivate }) => isPrivate));
  const zone = zones.value.find(({ isPrivate }) => !isPrivate);
  if (zone === undefined || judged.outcome === "failed") return [{ subject, place: "global", ...judged }];
  const delegated = async (signal: AbortSignal) => {
    const [ours, answered] = await Promise.all([
      account.nameServers(zone.id, signal),
      internet.delegation(name, signal),
    ]);
    return { ours, answered };
  };
  const inZone = needs.apiRecordNames.filter((record) => record === name || record.endsWith(`.${name}`));
  const records = inZone.map((record) =>
    finding(ask, `records of ${record}`, "global", (signal) => account.records(zone.id, record, signal), judgeRecords),
  );
  return Promise.all([
    { subject, place: "global", ...judged },
    finding(ask, `delegation of ${name}`, "global", delegated, ({ ours, answered }) => judgeDelegation(ours, answered)),
    ...records,
  ]);
}

function judgeZones(arePrivate: readonly boolean[]): Judged {
  const publicZones = arePrivate.filter((isPrivate) => !isPrivate).length;
  if (publicZones === 1) return passed("public");
  if (publicZones === 0) {
    return failed(
      arePrivate.length === 0 ? "none" : "private only",
      "make a public hosted zone of this name: Route 53 answers customers from public zones only",
    );
  }
  return failed(
    `${publicZones} public`,
    "Terraform finds the zone by its name, and refuses more than one: remove the others",
  );
}

/** Whoever asks for the name must come to this zone. */
function judgeDelegation(ours: readonly string[], answered: readonly string[]): Judged {
  const normal = (servers: readonly string[]) => servers.map((server) => server.toLowerCase().replace(/\.$/, ""));
  const zone = new Set(normal(ours));
  const shared = normal(answered).filter((server) => zone.has(server));
  if (shared.length > 0) return passed(`${shared.length} of ${ours.length} name servers`);
  return failed(
    answered.length === 0 ? "nowhere" : answered.slice(0, 2).join(", "),
    `put the zone's name servers at the parent zone or the registrar: ${ours.join(", ")}; ACM does not issue a certificate before`,
  );
}

function judgeRecords(records: readonly ZoneRecord[]): Judged {
  const answering = records.filter(({ type }) => ["A", "AAAA", "CNAME"].includes(type));
  if (answering.length === 0) return passed("free");
  const foreign = answering.filter(({ setIdentifier }) => !OUR_SET_IDENTIFIERS.includes(setIdentifier));
  if (foreign.length === 0) return passed("ours");
  return failed(
    foreign
      .map(({ type, setIdentifier }) => `${type}${setIdentifier === undefined ? "" : ` ${setIdentifier}`}`)
      .join(", "),
    "Route 53 holds no other record beside failover records of one name: take it over (docs/deploying.md), or remove it",
  );
}
