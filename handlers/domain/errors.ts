/** Why a request cannot be served as it is. */
export type Reason =
  | "invalid-request"
  | "body-too-large"
  | "unknown-user"
  | "not-found"
  | "cart-changed"
  | "cart-empty"
  | "cart-full"
  | "mixed-currencies"
  | "idempotency-key-reused";

/** What a caller's program may want to read beside the sentence: a version, an order id, a list of faults. */
export type ErrorMembers = Readonly<Record<string, unknown>>;

/** A request that cannot be served as it is. Message and members are written for the caller: nothing internal goes in. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly reason: Reason,
    message: string,
    readonly members: ErrorMembers = {},
  ) {
    super(message);
  }
}
