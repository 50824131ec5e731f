const SCOPE = /Credential=[^/,\s]+\/\d{8}\/([^/,\s]+)\/[^/,\s]+\/aws4_request/;

/**
 * The region in a signature's credential scope, `<key>/<date>/<region>/<service>/aws4_request`; the signature itself is not verified.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function signedRegion(authorization: string | undefined): string | undefined {
  return SCOPE.exec(authorization ?? "")?.[1];
}
