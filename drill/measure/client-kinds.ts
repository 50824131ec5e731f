/**
 * Clients by what they keep of a way that has worked: `ttl` a DNS answer for its TTL, `browser` for a minute however short the TTL is,
 * `pooled` its connection for as long as it works, `pinned` an address for ten minutes.
 */
export const CLIENT_KINDS = ["ttl", "browser", "pooled", "pinned"] as const;

export type ClientKind = (typeof CLIENT_KINDS)[number];

/**
 * Declared milliseconds for which browsers keep an answer, however short its TTL: Chromium 60 s at least
 * (net/dns/host_resolver_manager_job.cc, `kCacheEntryTTLSeconds` and `kMinimumTTLSeconds`).
 */
export const BROWSER_CACHE_MS = 60_000;
