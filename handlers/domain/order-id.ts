import { createHash } from "node:crypto";

/** Chosen once, at random. Another value would give repeated requests new ids: never change it. */
const ORDER_NAMESPACE = Buffer.from("6f1d7c1e5b0e4c0b9a5e2f8d34c7a961", "hex");

export const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The id of the order that this user places with this key. Every region derives the same one without asking another, so a
 * repeat after a failover meets the replicated order. The key cannot hold a line feed, so no two pairs share a name.
 */
export function orderIdOf(userId: string, idempotencyKey: string): string {
  return uuidV5(ORDER_NAMESPACE, `${userId}\n${idempotencyKey}`);
}

/** A name-based UUID, version 5: RFC 9562, section 5.5. */
export function uuidV5(namespace: Buffer, name: string): string {
  const bytes = createHash("sha1").update(namespace).update(name, "utf8").digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
