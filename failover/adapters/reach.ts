import type { Reach } from "../ports";
import { httpGet } from "./http-get";

const HEADERS = { "user-agent": "failover-command", accept: "*/*" };

/** Asks hosts themselves, by this machine's resolver and trusted authorities. */
export const directReach: Reach = {
  async get(host, path, signal) {
    const { status, body, tookMs } = await httpGet(`https://${host}${path}`, HEADERS, signal);
    return { status, body: body.toString("utf8"), tookMs };
  },
};

/** Asks a drill to ask for us: its names and certificates are its own. */
export const reachThrough = (endpoint: string): Reach => ({
  async get(host, path, signal) {
    const { status, body, tookMs } = await httpGet(`${endpoint}/https/${host}${path}`, HEADERS, signal);
    return { status, body: body.toString("utf8"), tookMs };
  },
});
