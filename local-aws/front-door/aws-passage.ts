import { request as httpRequest, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { Passage } from "./front-door";

export interface AwsPassageProps {
  /** URL of a service in a region; undefined when it has none there, a reason when there is no such region. */
  readonly locate: (region: string, service: string) => ServiceLocation;
  /** Access key id of the operator. */
  readonly operatorAccessKeyId: string;
}

export type ServiceLocation = { readonly url: string } | { readonly problem: string };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html */
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*?Credential=[^/,\s]+\/(\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request)/;
const PASSED_ON = ["content-type", "content-encoding", "content-length", "x-amz-target"] as const;

/**
 * Takes a signed call to the service and region that its signature is for, as the operator. Any credentials are accepted; a call without credentials is not.
 * If the service does not answer, the caller gets no answer.
 */
export function awsPassage({ locate, operatorAccessKeyId }: AwsPassageProps): Passage {
  return (request, response) => {
    const { headers } = request;
    const [, scope, region, service] = CREDENTIAL.exec(headers.authorization ?? "") ?? [];
    if (scope === undefined || region === undefined || service === undefined) {
      return refuse(response, 403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    const location = locate(region, service);
    if ("problem" in location) return refuse(response, 404, "UnknownEndpointException", location.problem);
    const authorization = `AWS4-HMAC-SHA256 Credential=${operatorAccessKeyId}/${scope}`;
    const outgoing = httpRequest(
      location.url,
      { method: request.method, agent: false, headers: { ...picked(headers), authorization } },
      (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, { ...picked(incoming.headers) });
        incoming.on("error", () => response.destroy());
        incoming.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    request.pipe(outgoing);
  };
}

function refuse(response: ServerResponse, statusCode: number, type: string, message: string): void {
  const body = JSON.stringify({ __type: type, message });
  response.writeHead(statusCode, { "content-type": "application/x-amz-json-1.0" }).end(body);
}

function picked(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
