/** How long, and how often, an SDK client tries one command. */
export interface ClientLimits {
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxAttempts: number;
}

/**
 * Options that every AWS client here is built with. By default the SDK waits without end, and a `requestTimeout` alone only
 * warns: `throwOnRequestTimeout` makes it an error. It covers the time until the answer's headers are in; `socketTimeout`
 * covers a body that stops arriving.
 *
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/timeouts-nodejs.html
 */
export function clientOptions(region: string, limits: ClientLimits) {
  return {
    region,
    maxAttempts: limits.maxAttempts,
    requestHandler: {
      connectionTimeout: limits.connectionTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      socketTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}
