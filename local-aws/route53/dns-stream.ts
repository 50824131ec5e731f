const LENGTH_BYTES = 2;

/** Cuts DNS messages out of a TCP stream, where each follows its length (RFC 1035, 4.2.2). */
export class DnsStream {
  private rest: Buffer = Buffer.alloc(0);

  /** @returns the messages that are complete with this chunk */
  push(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Buffer[] = [];
    while (this.rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.rest.readUInt16BE(0);
      if (this.rest.length < end) break;
      messages.push(this.rest.subarray(LENGTH_BYTES, end));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
