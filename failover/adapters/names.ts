import { Resolver } from "node:dns/promises";
import { type DecodedPacket, type Answer as DnsAnswer, decode, encode, RECURSION_DESIRED } from "dns-packet";
import { QuestionError } from "../answer";
import type { Names, RecordType } from "../ports";
import { httpGet } from "./http-get";

/** Asks the name servers of this machine; answers may be as old as their time to live. */
export const systemNames: Names = {
  async lookUp(name, type, signal) {
    const resolver = new Resolver({ tries: 2, timeout: 1_000 });
    const cancel = () => resolver.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      if (type === "TXT") return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
      return type === "CNAME" ? await resolver.resolveCname(name) : await resolver.resolve4(name);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      if (code === "ENODATA" || code === "ENOTFOUND") return [];
      throw new QuestionError(
        code === "ETIMEOUT" ? "name servers silent" : "name servers fail",
        `${type} ${name}: expected an answer from this machine's name servers; got ${code || message}`,
      );
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  },
};

const MEDIA_TYPE = "application/dns-message";

/** Asks a drill's name servers: DNS over HTTP, as https://www.rfc-editor.org/rfc/rfc8484 has it. */
export const namesThrough = (endpoint: string): Names => ({
  async lookUp(name, type, signal) {
    // The id is 0, so that equal questions are equal requests (section 4.1).
    const query = encode({ type: "query", id: 0, flags: RECURSION_DESIRED, questions: [{ type, name, class: "IN" }] });
    const { status, body } = await httpGet(
      `${endpoint}/dns-query?dns=${query.toString("base64url")}`,
      { accept: MEDIA_TYPE },
      signal,
    );
    const where = `${type} ${name} by ${endpoint}/dns-query`;
    if (status !== 200) {
      throw new QuestionError(
        `DNS status ${status}`,
        `${where}: expected status 200; got ${status}; is it a drill's endpoint?`,
      );
    }
    return recordsIn(decoded(body, where), name, type, where);
  },
});

function decoded(body: Buffer, where: string): DecodedPacket {
  try {
    return decode(body);
  } catch {
    throw new QuestionError(
      "no DNS answer",
      `${where}: expected a DNS message; got ${body.length} bytes of another kind`,
    );
  }
}

function recordsIn(packet: DecodedPacket, name: string, type: RecordType, where: string): string[] {
  const { rcode } = packet as { readonly rcode?: string };
  if (rcode !== undefined && rcode !== "NOERROR" && rcode !== "NXDOMAIN") {
    throw new QuestionError(`DNS ${rcode}`, `${where}: expected an answer; got ${rcode}`);
  }
  return (packet.answers ?? []).flatMap((answer) => dataOf(answer, name, type));
}

function dataOf(answer: DnsAnswer, name: string, type: RecordType): string[] {
  if (answer.type !== type) return [];
  if (answer.type === "TXT") {
    const parts = Array.isArray(answer.data) ? answer.data : [answer.data];
    return [parts.map(String).join("")];
  }
  // The chain's first link alone: the answer may hold the whole of it.
  if (answer.type === "CNAME") return answer.name.toLowerCase() === name.toLowerCase() ? [answer.data] : [];
  return answer.type === "A" ? [answer.data] : [];
}
