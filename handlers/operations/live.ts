import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonResponse } from "../http-response";

/** Answers that the way to this region's functions is open, and nothing about what they depend on. */
export const makeLiveHandler = (region: string) => async (): Promise<APIGatewayProxyStructuredResultV2> =>
  jsonResponse(200, { status: "ok", region });
