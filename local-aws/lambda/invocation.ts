/** What an invocation came to: the function's result, or the error that it ended with. */
export type InvocationResult =
  | { readonly payload: unknown }
  | {
      /** What happened, as Lambda words it. */
      readonly functionError: string;
      /** Such as `Runtime.ExitError`, `Sandbox.Timedout` or {@link THROTTLED}. */
      readonly errorType: string;
    };

/** `errorType` of an invocation that Lambda would have refused with status 429. */
export const THROTTLED = "TooManyRequestsException";

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export const throttled: InvocationResult = { functionError: "Rate Exceeded.", errorType: THROTTLED };

export function failed(errorType: string, functionError: string): InvocationResult {
  return { functionError, errorType };
}

/** An error that a function's runtime has posted. */
export function reported(body: string): InvocationResult {
  try {
    const { errorType, errorMessage } = JSON.parse(body) as { errorType?: unknown; errorMessage?: unknown };
    return failed(String(errorType), String(errorMessage));
  } catch {
    return failed("Runtime.Unknown", body);
  }
}
