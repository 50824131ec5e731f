import type { Answer } from "dns-packet";
import { RECORD_TYPES, type RecordType } from "../../topology/record-types";
import type { AnswerRecord } from "./answers";

const isKnownType = (type: string): type is RecordType => Object.hasOwn(ENCODERS, type);

/** Builds the data of one type from the text that Terraform and Route 53 write it as. */
type Encode = (owner: { name: string; ttl: number }, value: string) => Answer;

/**
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
 */
const ENCODERS: Readonly<Record<RecordType, Encode>> = {
  A: (owner, data) => ({ ...owner, type: "A", data }),
  AAAA: (owner, data) => ({ ...owner, type: "AAAA", data }),
  CNAME: (owner, data) => ({ ...owner, type: "CNAME", data }),
  NS: (owner, data) => ({ ...owner, type: "NS", data }),
  PTR: (owner, data) => ({ ...owner, type: "PTR", data }),
  TXT: (owner, value) => ({ ...owner, type: "TXT", data: strings(value) }),
  CAA: (owner, value) => {
    const [flags = "", tag = "", data = ""] = words(value, 3);
    return { ...owner, type: "CAA", data: { flags: Number(flags), tag: tag as "issue", value: unquoted(data) } };
  },
  MX: (owner, value) => {
    const [preference = "", exchange = ""] = words(value, 2);
    return { ...owner, type: "MX", data: { preference: Number(preference), exchange } };
  },
  SRV: (owner, value) => {
    const [priority = "", weight = "", port = "", target = ""] = words(value, 4);
    return {
      ...owner,
      type: "SRV",
      data: { priority: Number(priority), weight: Number(weight), port: Number(port), target },
    };
  },
};

/** @throws when the type is none of those that are known */
export function packetAnswer({ name, type, ttlSeconds, value }: AnswerRecord): Answer {
  if (!isKnownType(type)) throw new Error(`${name}: the DNS server answers ${RECORD_TYPES.join(", ")}; got ${type}`);
  // A packet has room for whole seconds only.
  return ENCODERS[type]({ name, ttl: Math.round(ttlSeconds) }, value);
}

function words(value: string, count: number): string[] {
  const all = value.trim().split(/\s+/);
  return [...all.slice(0, count - 1), all.slice(count - 1).join(" ")];
}

const unquoted = (text: string) => text.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1");

/** `"one" "two"` is two strings of one record; text without quotes is one. Terraform adds the outer quotes itself and takes `""` between. */
function strings(value: string): string[] {
  const quoted = value.match(/"(?:[^"\\]|\\.)*"/g);
  return quoted === null ? [value] : quoted.map(unquoted);
}
