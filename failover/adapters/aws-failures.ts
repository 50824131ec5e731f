import { QuestionError } from "../answer";
import { networkWords } from "./failures";
import type { Operation } from "./operations";

const DENIED = /^(?:AccessDenied(?:Exception)?|UnauthorizedOperation|NotAuthorized)$/;
const EXPIRED = /^(?:ExpiredToken(?:Exception)?|RequestExpired|TokenRefreshRequired)$/;
const INVALID_CREDENTIALS =
  /^(?:InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|MissingAuthenticationToken(?:Exception)?|IncompleteSignature(?:Exception)?|AuthFailure|CredentialsProviderError|TokenProviderError)$/;
const THROTTLED = /^(?:Throttl\w*|TooManyRequests(?:Exception)?|RequestLimitExceeded)$/;
const NOT_FOUND = /(?:NotFound|NonExistentQueue|QueueDoesNotExist|NoSuchResource)(?:Exception)?$/;

/** What was called, on what, and where. */
export interface Called {
  readonly operation: Operation;
  readonly region: string;
  /** As IAM writes it: an ARN, or `*`. */
  readonly resource: string;
}

/** One line for whatever the SDK failed with: where, what was expected, what came, what to do. */
export function awsFailure({ operation, region, resource }: Called, error: unknown): QuestionError {
  const { name = "Error", message = String(error) } = error as Partial<Error>;
  const type = name.replace(/^.*[.#]/, "");
  const where = `${operation.service} ${operation.name} in ${region}`;
  const failure = (short: string, got: string, advice: string, isFinal: boolean) =>
    new QuestionError(short, `${where}: expected an answer; got ${got}${advice === "" ? "" : `; ${advice}`}`, isFinal);
  if (DENIED.test(type)) {
    return failure("denied", type, `allow the caller ${operation.action} on ${resource}`, true);
  }
  if (EXPIRED.test(type)) return failure("credentials expired", type, "sign in again, or set fresh credentials", true);
  if (INVALID_CREDENTIALS.test(type)) {
    return failure("credentials invalid", type, "set credentials of the deployment's account", true);
  }
  if (THROTTLED.test(type)) return failure("throttled", type, "try again in a moment", false);
  if (NOT_FOUND.test(type)) {
    return failure("not found", type, `is ${resource} applied, and are these its account's credentials?`, true);
  }
  if (type === "TimeoutError") return failure("no answer", "none in time", "", false);
  const words = networkWords(error);
  if (words !== undefined) return failure(words, words, "", false);
  return failure("failed", `${type}: ${message.split("\n")[0]}`, "", false);
}
