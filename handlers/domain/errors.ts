/** A request that cannot be served as it is. The message is written for the caller. */
export abstract class RequestError extends Error {}

/** The request itself is wrong: sending it again will not help. */
export class InvalidRequestError extends RequestError {
  override readonly name = "InvalidRequestError";
}

/** The verified token names no user. */
export class UnknownUserError extends RequestError {
  override readonly name = "UnknownUserError";
}

/** There is no such thing, or it belongs to somebody else, which the caller must not learn. */
export class NotFoundError extends RequestError {
  override readonly name = "NotFoundError";
}

/** The request is right but the cart's present state does not allow it. */
export class ConflictError extends RequestError {
  override readonly name = "ConflictError";
}

/** An idempotency key was used before, for something else. */
export class IdempotencyKeyReusedError extends RequestError {
  override readonly name = "IdempotencyKeyReusedError";
}
