import {
  ALIAS_TTL_SECONDS,
  automaticFailoverBudget,
  BROWSER_CACHE_SECONDS,
  type ClientKind,
  type RecoveryTimeBudgetInput,
} from "./recovery-time-budget";
import { DEFAULT_CLIENTS, type Settings } from "./settings";
import { SURGE_FACTOR, standbyLoad } from "./standby-load";

/** A fault of a field, or a warning about it. */
export interface Fault {
  /** Where in the settings, such as `jwt.audience[0]`. */
  readonly path: string;
  readonly expected: string;
  /** The value found, as JSON; shortened when long. */
  readonly got: string;
}

/** A rule over several fields; it runs once every field it reads is well-formed. */
export interface SettingsRule {
  readonly reads: readonly (keyof Settings)[];
  /** A warning lets the synth go on. */
  readonly severity: "error" | "warning";
  readonly check: (settings: Settings) => Fault | undefined;
}

/** Paths of the other routes; the health route cannot use one of them. */
const SERVED_PATHS = /^\/(?:live|cart|checkout|orders)(?:\/|$)/;

/** Zones of examples: nobody can deploy to them, so nothing in them has to be kept from being guessed (RFC 2606). */
const DOCUMENTATION_ZONE = /(?:^|\.)example\.(?:com|net|org)$/;

/** Letters and digits, mixed, that a part of the health path must have, hyphens aside: more than anybody tries. */
const UNGUESSABLE_CHARACTERS = 16;

function isGuessable(path: string): boolean {
  const parts = path.split("/").map((part) => part.replaceAll("-", ""));
  return !parts.some((part) => part.length >= UNGUESSABLE_CHARACTERS && /[a-z]/i.test(part) && /\d/.test(part));
}

const fault = (path: string, expected: string, got: unknown): Fault => ({ path, expected, got: JSON.stringify(got) });

/** Warns of a host whose name contains the primary region; a custom name may hide the same dependency. */
function outsidePrimary(
  field: keyof Settings,
  path: string,
  hostOf: (settings: Settings) => string,
  reason: string,
): SettingsRule {
  return {
    reads: [field, "primaryRegion"],
    severity: "warning",
    check: (settings) => {
      const host = hostOf(settings);
      const { primaryRegion } = settings;
      return host.includes(primaryRegion) ? fault(path, `a host outside ${primaryRegion}: ${reason}`, host) : undefined;
    },
  };
}

/** An objective that clients of its kind may miss. */
function recoveryTimeFault(
  settings: Settings,
  objective: "recoveryTimeSeconds" | "browserRecoveryTimeSeconds",
  clients: ClientKind,
): Fault | undefined {
  const { items, worstSeconds } = automaticFailoverBudget(budgetInput(settings), clients);
  const promisedSeconds = settings.objectives[objective];
  return worstSeconds <= promisedSeconds
    ? undefined
    : fault(
        `objectives.${objective}`,
        `at least ${worstSeconds}, the longest recovery: ` +
          `${items.map((item) => `${item.worstSeconds} s for ${item.name} (${item.reason})`).join(", ")}; ` +
          "lower the threshold, the interval or the TTL, or raise the objective",
        promisedSeconds,
      );
}

export const SETTINGS_RULES: readonly SettingsRule[] = [
  {
    reads: ["primaryRegion", "secondaryRegion"],
    severity: "error",
    check: ({ primaryRegion, secondaryRegion }) =>
      primaryRegion === secondaryRegion
        ? fault(
            "secondaryRegion",
            "a region other than primaryRegion: a standby beside the primary falls with it",
            secondaryRegion,
          )
        : undefined,
  },
  {
    reads: ["hostedZoneName", "apiDomainName"],
    severity: "error",
    check: ({ hostedZoneName, apiDomainName }) =>
      apiDomainName === hostedZoneName || apiDomainName.endsWith(`.${hostedZoneName}`)
        ? undefined
        : fault("apiDomainName", `a name in the hosted zone ${hostedZoneName}`, apiDomainName),
  },
  {
    reads: ["apiDomainName"],
    severity: "error",
    check: ({ apiDomainName }) =>
      apiDomainName.length <= 64
        ? undefined
        : fault(
            "apiDomainName",
            "at most 64 characters: ACM refuses a longer first name of a certificate",
            apiDomainName,
          ),
  },
  {
    reads: ["hostedZoneName", "apiDomainName", "failoverRecord"],
    severity: "error",
    check: ({ hostedZoneName, apiDomainName, failoverRecord }) =>
      failoverRecord.type === "CNAME" && apiDomainName === hostedZoneName
        ? fault(
            "failoverRecord.type",
            `"ALIAS", or a name below ${hostedZoneName}: a CNAME cannot stand at a zone's apex`,
            failoverRecord.type,
          )
        : undefined,
  },
  {
    reads: ["backend", "primaryRegion"],
    severity: "error",
    check: ({ backend, primaryRegion }) =>
      backend.type === "s3" && backend.region === primaryRegion
        ? fault(
            "backend.region",
            "a region other than primaryRegion: the state must outlive the primary region",
            backend.region,
          )
        : undefined,
  },
  {
    reads: ["healthCheck"],
    severity: "error",
    check: ({ healthCheck }) =>
      SERVED_PATHS.test(healthCheck.path)
        ? fault(
            "healthCheck.path",
            "a path no other route serves (/live, /cart, /checkout, /orders are taken)",
            healthCheck.path,
          )
        : undefined,
  },
  {
    reads: ["healthCheck", "hostedZoneName"],
    severity: "error",
    check: ({ healthCheck, hostedZoneName }) =>
      isGuessable(healthCheck.path) && !DOCUMENTATION_ZONE.test(hostedZoneName)
        ? fault(
            "healthCheck.path",
            `a path that nobody guesses, with a part of at least ${UNGUESSABLE_CHARACTERS} letters and digits, such as /health/ and the output of ` +
              "openssl rand -hex 16: whoever knows it can flood it, and Route 53 would find a healthy region unhealthy",
            healthCheck.path,
          )
        : undefined,
  },
  {
    reads: ["objectives", "healthCheck", "failoverRecord", "clients"],
    severity: "error",
    check: (settings) => recoveryTimeFault(settings, "recoveryTimeSeconds", "ttl"),
  },
  {
    reads: ["objectives", "healthCheck", "failoverRecord", "clients"],
    severity: "error",
    check: (settings) => {
      const { recoveryTimeSeconds, browserRecoveryTimeSeconds } = settings.objectives;
      // A default follows the other objective, whose fault says it all.
      const isDefault = browserRecoveryTimeSeconds === recoveryTimeSeconds + BROWSER_CACHE_SECONDS;
      return isDefault ? undefined : recoveryTimeFault(settings, "browserRecoveryTimeSeconds", "browser");
    },
  },
  {
    reads: ["traffic", "throttling", "warmThroughput"],
    severity: "error",
    check: ({ traffic, throttling, warmThroughput }) => {
      if (traffic === undefined) return undefined;
      const short = standbyLoad({ traffic, throttling, warmThroughput }).filter(
        ({ needed, available }) => needed > available,
      );
      if (short.length === 0) return undefined;
      const items = short.map(
        ({ name, needed, available, unit, reason, remedy }) =>
          `${name} gives ${available} ${unit} of ${needed} needed (${reason}): ${remedy}`,
      );
      return fault(
        "traffic",
        `a traffic that the standby bears ${SURGE_FACTOR} times at once; ${items.join("; ")}`,
        traffic,
      );
    },
  },
  {
    reads: ["traffic"],
    severity: "error",
    check: ({ traffic }) =>
      traffic !== undefined && traffic.usualCheckoutsPerSecond > traffic.usualRequestsPerSecond
        ? fault(
            "traffic.usualCheckoutsPerSecond",
            `at most usualRequestsPerSecond, ${traffic.usualRequestsPerSecond}, which it is part of`,
            traffic.usualCheckoutsPerSecond,
          )
        : undefined,
  },
  {
    reads: ["backend", "emulator"],
    severity: "error",
    check: ({ backend, emulator }) =>
      emulator && backend.type !== "local"
        ? fault(
            "backend.type",
            '"local", since an emulator\'s resources are no matter for a shared state',
            backend.type,
          )
        : undefined,
  },
  {
    reads: ["tableNames"],
    severity: "error",
    check: ({ tableNames }) =>
      tableNames?.checkout !== undefined && tableNames.checkout === tableNames.orders
        ? fault("tableNames.orders", "a name other than the checkout table's", tableNames.orders)
        : undefined,
  },
  outsidePrimary(
    "jwt",
    "jwt.issuer",
    ({ jwt }) => new URL(jwt.issuer).hostname,
    "the standby's authorizer needs its keys",
  ),
  outsidePrimary(
    "vendor",
    "vendor.url",
    ({ vendor }) => new URL(vendor.url).hostname,
    "the standby's payments go there",
  ),
  outsidePrimary(
    "backend",
    "backend.hostname",
    ({ backend }) => (backend.type === "cloud" ? (backend.hostname ?? "") : ""),
    "the state is needed when that region is gone",
  ),
];

/** Settings that determine the recovery time; defaults may be missing. */
export function budgetInput({
  healthCheck,
  failoverRecord,
  clients = DEFAULT_CLIENTS,
}: Pick<Settings, "healthCheck" | "failoverRecord"> & Partial<Pick<Settings, "clients">>): RecoveryTimeBudgetInput {
  return {
    requestIntervalSeconds: healthCheck.requestIntervalSeconds,
    failureThreshold: healthCheck.failureThreshold,
    recordTtlSeconds: failoverRecord.type === "CNAME" ? failoverRecord.ttlSeconds : ALIAS_TTL_SECONDS,
    clientTimeoutSeconds: clients.timeoutSeconds,
  };
}
