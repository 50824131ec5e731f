import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { answersTo, type Zone } from "./answers";
import { packetAnswer } from "./dns-data";

/** RFC 1035, 4.1.1; BADVERS is spread over header and OPT record (RFC 6891). */
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const EXTENDED_BADVERS = 1;

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;
const OPCODE_BITS = 0x7800;
const PLAIN_UDP_BYTES = 512;
/** Largest UDP payload that is not fragmented; the server offers and uses no more. */
const EDNS_UDP_BYTES = 1_232;

/**
 * The answer of an authoritative server to one packet.
 * @param transport - over UDP a long answer is truncated and marked, so that the client retries over TCP
 * @returns undefined when there is nothing to answer: a packet without a header, or one that is itself an answer
 */
export function responseTo(packet: Buffer, zone: Zone, transport: "udp" | "tcp"): Buffer | undefined {
  if (packet.length < HEADER_BYTES) return undefined;
  const header = packet.readUInt16BE(2);
  if ((header & RESPONSE_BIT) !== 0) return undefined;
  const id = packet.readUInt16BE(0);
  // The opcode and the wish for recursion come back as they were.
  const echoed = header & (OPCODE_BITS | RECURSION_DESIRED);
  const bare = (rcode: number) => encode({ type: "response", id, flags: echoed | rcode });
  if ((header & OPCODE_BITS) !== 0) return bare(RCODES.NOTIMP);
  const query = decoded(packet);
  if (query === undefined) return bare(RCODES.FORMERR);
  try {
    return responseToQuery(query, zone, transport, id, echoed);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
    return bare(RCODES.SERVFAIL);
  }
}

function decoded(packet: Buffer): DecodedPacket | undefined {
  try {
    const query = decode(packet);
    const [question, ...others] = query.questions ?? [];
    // Names that are not text cannot be echoed as they were.
    if (question === undefined || others.length > 0 || question.name.includes("\uFFFD")) return undefined;
    return query;
  } catch {
    return undefined;
  }
}

function responseToQuery(
  query: DecodedPacket,
  zone: Zone,
  transport: "udp" | "tcp",
  id: number,
  echoed: number,
): Buffer {
  const edns = query.additionals?.find((record): record is OptAnswer => record.type === "OPT");
  const respond = (flags: number, answers: Answer[], authorities: Answer[], extendedRcode = 0) =>
    encode({
      type: "response",
      id,
      flags: echoed | flags,
      questions: query.questions ?? [],
      answers,
      authorities,
      additionals: edns === undefined ? [] : [ednsAnswer(extendedRcode)],
    });
  if (edns !== undefined && edns.ednsVersion !== 0) return respond(0, [], [], EXTENDED_BADVERS);
  const { flags, answers, authorities } = contents(query, zone);
  const whole = respond(flags, answers, authorities);
  const limit = edns === undefined ? PLAIN_UDP_BYTES : atMost(edns.udpPayloadSize);
  if (transport === "tcp" || whole.length <= limit) return whole;
  return respond(flags | TRUNCATED_RESPONSE, [], []);
}

const atMost = (udpPayloadSize: number) => Math.min(Math.max(udpPayloadSize, PLAIN_UDP_BYTES), EDNS_UDP_BYTES);

interface Contents {
  readonly flags: number;
  readonly answers: Answer[];
  readonly authorities: Answer[];
}

function contents(query: DecodedPacket, zone: Zone): Contents {
  const [question] = query.questions ?? [];
  if (question === undefined || question.class !== "IN") return refused;
  const { status, answers, zoneName } = answersTo(zone, question.name, question.type);
  if (zoneName === undefined) return refused;
  const asked = question.name.toLowerCase();
  return {
    flags: AUTHORITATIVE_ANSWER | RCODES[status],
    // The name comes back in the case that it was asked in.
    answers: answers.map((answer) => packetAnswer(answer.name === asked ? { ...answer, name: question.name } : answer)),
    authorities: answers.length > 0 ? [] : [startOfAuthority(zoneName)],
  };
}

const refused: Contents = { flags: RCODES.REFUSED, answers: [], authorities: [] };

/**
 * SOA record for negative caching, with the values that Route 53 gives a new zone.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
 */
const startOfAuthority = (zoneName: string): Answer => ({
  name: zoneName,
  type: "SOA",
  ttl: 900,
  data: {
    mname: "ns-2048.awsdns-64.net",
    rname: "awsdns-hostmaster.amazon.com",
    serial: 1,
    refresh: 7_200,
    retry: 900,
    expire: 1_209_600,
    minimum: 86_400,
  },
});

// dns-packet fills the other fields in; its types ask for all of them.
const ednsAnswer = (extendedRcode: number): OptAnswer => ({
  name: ".",
  type: "OPT",
  udpPayloadSize: EDNS_UDP_BYTES,
  extendedRcode,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
});
