import { setMaxListeners } from "node:events";
import type { DecodedPacket, RecordType } from "dns-packet";
import type { Pace } from "../pace";
import { ask } from "./dns-query";
import type { LoopbackEndpoint } from "./probe";

export interface ResolverProps {
  readonly server: LoopbackEndpoint;
  readonly pace: Pace;
  /**
   * Declared milliseconds until a query is repeated, once.
   * @default 5,000, as in resolv.conf(5)
   */
  readonly timeoutMs?: number;
}

export interface Resolution {
  /** Undefined when the name does not resolve. */
  readonly address: string | undefined;
  /** The name itself, and each CNAME target. */
  readonly chain: readonly string[];
  /** Remaining TTL of the whole chain in declared seconds. */
  readonly ttlSeconds: number;
  /** Why there is no address, for people. */
  readonly failure?: string;
}

/** Cached records of one name and type. */
interface Entry {
  readonly addresses: readonly string[];
  readonly alias?: string;
  readonly expiresAtMs: number;
  readonly failure?: string;
}

const ATTEMPTS = 2;
const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_HOPS = 8;
/** Declared seconds: a negative answer's own TTL (900 s at Route 53) is cut short, as many resolvers do. */
const MAX_NEGATIVE_TTL_SECONDS = 5;
const RCODE_BITS = 0xf;
const RCODE_NAMES: Readonly<Record<number, string>> = {
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
};
const NXDOMAIN = 3;

/** A client's resolver. It queries the DNS server and caches each answer for its TTL in declared time. */
export class Resolver {
  private readonly cache = new Map<string, Entry>();
  private readonly underWay = new Map<string, Promise<Entry>>();
  private readonly aborter = new AbortController();

  constructor(private readonly props: ResolverProps) {
    setMaxListeners(0, this.aborter.signal); // Every question under way listens to it.
  }

  /** Never rejects: a name that cannot be resolved has no address. */
  async resolve(name: string, type: "A" | "AAAA" = "A"): Promise<Resolution> {
    const chain: string[] = [];
    let expiresAtMs = Number.POSITIVE_INFINITY;
    let current = keyOf(name);
    while (chain.length < MAX_HOPS) {
      chain.push(current);
      const entry = await this.lookUp(current, type);
      expiresAtMs = Math.min(expiresAtMs, entry.expiresAtMs);
      if (entry.alias === undefined) {
        const ttlSeconds = Math.max(0, (expiresAtMs - this.props.pace.nowMs()) / 1_000);
        const [address] = entry.addresses;
        const { failure } = entry;
        return { address, chain, ttlSeconds, ...(failure === undefined ? {} : { failure }) };
      }
      current = entry.alias;
    }
    return { address: undefined, chain, ttlSeconds: 0, failure: `more than ${MAX_HOPS} CNAMEs` };
  }

  /** Clears the cache. */
  flush(): void {
    this.cache.clear();
    this.underWay.clear(); // What was asked before is not what would be answered now.
  }

  /** Cancels open queries; nothing resolves afterwards. */
  stop(): void {
    this.aborter.abort();
    this.flush();
  }

  private lookUp(key: string, type: RecordType): Promise<Entry> | Entry {
    const cacheKey = `${key} ${type}`;
    const known = this.cache.get(cacheKey);
    if (known !== undefined && this.props.pace.nowMs() < known.expiresAtMs) return known;
    // Concurrent requests for one name share one query.
    const already = this.underWay.get(cacheKey);
    if (already !== undefined) return already;
    const query = this.query(key, type).finally(() => {
      if (this.underWay.get(cacheKey) === query) this.underWay.delete(cacheKey);
    });
    this.underWay.set(cacheKey, query);
    return query;
  }

  private async query(key: string, type: RecordType): Promise<Entry> {
    const { server, pace, timeoutMs = DEFAULT_TIMEOUT_MS } = this.props;
    const { signal } = this.aborter;
    let failure = "";
    for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt += 1) {
      try {
        const timeoutWallMs = pace.wallMs(timeoutMs);
        return this.learn(await ask({ server, name: key, type, timeoutWallMs, signal }), key, type);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
    }
    return this.nothing(`${key}: ${failure || "the resolver was stopped"}`);
  }

  /** Caches every step of the answer's chain, and nothing else. */
  private learn(answer: DecodedPacket, key: string, type: RecordType): Entry {
    const rcode = (answer.flags ?? 0) & RCODE_BITS;
    if (rcode !== 0 && rcode !== NXDOMAIN) return this.nothing(`${key}: ${RCODE_NAMES[rcode] ?? `rcode ${rcode}`}`);
    let current = key;
    let first: Entry | undefined;
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const entry = this.entryFor(answer, current, type);
      if (entry === undefined) break;
      this.cache.set(`${current} ${type}`, entry);
      first ??= entry;
      if (entry.alias === undefined) break;
      current = entry.alias;
    }
    if (first !== undefined) return first;
    const negative = this.nothing(
      `${key}: ${rcode === NXDOMAIN ? "NXDOMAIN" : `no ${type} record`}`,
      negativeTtl(answer),
    );
    this.cache.set(`${key} ${type}`, negative);
    return negative;
  }

  private entryFor(answer: DecodedPacket, owner: string, type: RecordType): Entry | undefined {
    const owned = (answer.answers ?? []).filter(({ name }) => keyOf(name) === owner);
    const found = owned.flatMap((record) => {
      if (record.type !== type && record.type !== "CNAME") return [];
      if (record.type !== "A" && record.type !== "AAAA" && record.type !== "CNAME") return [];
      return [{ type: record.type, data: record.data, ttlSeconds: record.ttl ?? 0 }];
    });
    if (found.length === 0) return undefined;
    const ttlSeconds = Math.min(...found.map((record) => record.ttlSeconds));
    const alias = found.find((record) => record.type === "CNAME")?.data;
    return {
      addresses: found.filter((record) => record.type === type).map(({ data }) => data),
      ...(alias === undefined ? {} : { alias: keyOf(alias) }),
      expiresAtMs: this.props.pace.nowMs() + ttlSeconds * 1_000,
    };
  }

  private nothing(failure: string, ttlSeconds = 0): Entry {
    return { addresses: [], failure, expiresAtMs: this.props.pace.nowMs() + ttlSeconds * 1_000 };
  }
}

const keyOf = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** The SOA record's TTL or its minimum, whichever is less (RFC 2308, 5). */
function negativeTtl(answer: DecodedPacket): number {
  const ttls = (answer.authorities ?? []).flatMap((record) =>
    record.type === "SOA" ? [Math.min(record.ttl ?? 0, record.data.minimum ?? 0)] : [],
  );
  return Math.min(MAX_NEGATIVE_TTL_SECONDS, ...ttls);
}
