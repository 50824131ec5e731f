import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from "dns-packet";
import { DnsStream, framed } from "./dns-stream";
import type { LoopbackEndpoint } from "./probe";

export interface DnsQuery {
  readonly server: LoopbackEndpoint;
  readonly name: string;
  readonly type: RecordType;
  readonly timeoutWallMs: number;
  readonly signal: AbortSignal;
}

/** Asks once over UDP, and over TCP when the answer was cut off. @throws when no answer comes in time */
export async function ask(query: DnsQuery): Promise<DecodedPacket> {
  const answer = await exchange(query, "udp");
  return answer.flag_tc ? exchange(query, "tcp") : answer;
}

interface Channel {
  send(packet: Buffer): void;
  close(): void;
}

type Open = (server: LoopbackEndpoint, onPacket: (packet: Buffer) => void, onError: (error: Error) => void) => Channel;

function exchange(query: DnsQuery, transport: "udp" | "tcp"): Promise<DecodedPacket> {
  const { server, name, type, timeoutWallMs, signal } = query;
  const id = randomInt(0x1_0000);
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      channel.close();
      act();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const abort = () => fail(new Error("the resolver was stopped"));
    const onPacket = (packet: Buffer) => {
      const answer = answerIn(packet, id, name, type);
      // Ignores other packets: the answer may still arrive.
      if (answer !== undefined) settle(() => resolve(answer));
    };
    const channel = (transport === "udp" ? openUdp : openTcp)(server, onPacket, fail);
    const timer = setTimeout(() => fail(new Error("no answer in time")), timeoutWallMs);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) return abort();
    channel.send(encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ name, type }] }));
  });
}

function answerIn(packet: Buffer, id: number, name: string, type: RecordType): DecodedPacket | undefined {
  try {
    const answer = decode(packet);
    const [question] = answer.questions ?? [];
    // A server that could not read the question repeats none.
    const isOurs =
      question === undefined || (question.name.toLowerCase() === name.toLowerCase() && question.type === type);
    return answer.type === "response" && answer.id === id && isOurs ? answer : undefined;
  } catch {
    return undefined;
  }
}

const openUdp: Open = ({ host, port }, onPacket, onError) => {
  const socket = createSocket("udp4");
  let isOpen = true;
  socket.on("message", onPacket);
  socket.on("error", onError);
  return {
    send: (packet) => {
      // A connected socket takes packets from the server alone and reports a closed port.
      socket.connect(port, host, () => {
        if (isOpen) socket.send(packet);
      });
    },
    close: () => {
      if (isOpen) socket.close();
      isOpen = false;
    },
  };
};

const openTcp: Open = (server, onPacket, onError) => {
  const socket = connect(server);
  const stream = new DnsStream();
  socket.on("data", (chunk) => {
    for (const packet of stream.push(chunk)) onPacket(packet);
  });
  socket.on("error", onError);
  socket.on("end", () => onError(new Error("the connection was closed without an answer")));
  return { send: (packet) => void socket.write(framed(packet)), close: () => void socket.destroy() };
};
