import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { RECORD_TYPES } from "../../topology/record-types";
import type { DnsRecord } from "../../topology/topology";
import { type Zone, zonesOf } from "./answers";
import { responseTo } from "./dns-response";
import { DnsStream, framed } from "./dns-stream";
import type { LoopbackEndpoint } from "./probe";

export interface DnsServerProps {
  readonly records: readonly DnsRecord[];
  /** Addresses of regions' own host names, as AWS's own DNS has them: `d-….execute-api.<region>.amazonaws.com`. */
  readonly targets: ReadonlyMap<string, string>;
  readonly isHealthy: (healthCheckId: string) => boolean;
  /**
   * Names at and below which the server is the authority.
   * @default - the longest name that all records are at or below
   */
  readonly zoneNames?: readonly string[];
}

/** Queries received. */
export interface QueryCount {
  readonly udp: number;
  readonly tcp: number;
}

const LOOPBACK = "127.0.0.1";
/** Another process may hold the UDP port although the TCP port is free. */
const MAX_PORT_ATTEMPTS = 20;
/** Wall milliseconds after which a TCP connection without a query is closed: it protects this machine, and is no part of the drill. */
const IDLE_WALL_MS = 30_000;

/**
 * Answers for the zones as Route 53's name servers do: over UDP and TCP on one port of 127.0.0.1. TTLs are the declared ones: resolvers
 * that keep the drill's time shrink them.
 */
export class DnsServer {
  private tcp: Server | undefined;
  private udp: UdpSocket | undefined;
  private readonly connections = new Set<Socket>();
  private readonly count = { udp: 0, tcp: 0 };
  private readonly zone: Zone;
  private endpoint: LoopbackEndpoint | undefined;

  constructor({ records, targets, isHealthy, zoneNames = zonesOf(records) }: DnsServerProps) {
    for (const { address, type } of records) {
      if (!(RECORD_TYPES as readonly string[]).includes(type)) {
        throw new Error(`${address}: 'type' must be one of ${RECORD_TYPES.join(", ")} in a drill, got ${type}`);
      }
    }
    const lowerCase = new Map([...targets].map(([name, address]) => [name.toLowerCase(), address]));
    this.zone = { records, targets: lowerCase, isHealthy, zoneNames };
  }

  /** @throws before the start */
  get address(): LoopbackEndpoint {
    if (this.endpoint === undefined) throw new Error("the DNS server must be started before it has an address");
    return this.endpoint;
  }

  get queries(): QueryCount {
    return { ...this.count };
  }

  /** What would be answered over TCP. @returns undefined for what is no query */
  answer(packet: Buffer): Buffer | undefined {
    return responseTo(packet, this.zone, "tcp");
  }

  async start(): Promise<LoopbackEndpoint> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.listen();
      } catch (error) {
        await this.stop();
        const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
        if (!isTaken || attempt >= MAX_PORT_ATTEMPTS) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    const { tcp, udp } = this;
    this.tcp = undefined;
    this.udp = undefined;
    for (const connection of this.connections) connection.destroy();
    if (udp !== undefined) await new Promise<void>((resolve) => udp.close(resolve));
    if (tcp !== undefined) await new Promise((resolve) => tcp.close(resolve));
  }

  private async listen(): Promise<LoopbackEndpoint> {
    const tcp = createServer((socket) => this.serve(socket));
    this.tcp = tcp;
    tcp.listen(0, LOOPBACK);
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    this.udp = udp;
    udp.bind(port, LOOPBACK);
    await once(udp, "listening");
    udp.on("error", () => undefined); // A client that has gone is no affair of ours.
    udp.on("message", (packet, client) => {
      this.count.udp += 1;
      const response = responseTo(packet, this.zone, "udp");
      // The callback keeps errors of a single answer from ending the server.
      if (response !== undefined) udp.send(response, client.port, client.address, () => undefined);
    });
    this.endpoint = { host: LOOPBACK, port };
    return this.endpoint;
  }

  private serve(socket: Socket): void {
    this.connections.add(socket);
    socket.once("close", () => this.connections.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(IDLE_WALL_MS, () => socket.destroy());
    const stream = new DnsStream();
    socket.on("data", (chunk) => {
      for (const packet of stream.push(chunk)) {
        this.count.tcp += 1;
        const response = responseTo(packet, this.zone, "tcp");
        if (response === undefined) socket.destroy();
        else if (!socket.destroyed) socket.write(framed(response));
      }
    });
  }
}
