import { createHash } from "node:crypto";
import type { Seen } from "./cart-state";
import { ONE_ITEM } from "./regional-cart";

/** Bits of the version that tell apart carts with equally many changes; the 25 bits above them count the changes. */
const HASH_BITS = 28;
const COUNT_LIMIT = 2 ** 25;

/**
 * The number by which clients name what they saw. It stands for the set of changes that the cart was made of: the same set has the same
 * version in every region, another set another one (but for one in 268 million, among sets with equally many changes). It grows with each
 * change, up to 33 million. 0 is a cart that was never written; one from before carts were merged keeps its version until its next change.
 */
export function versionOf(seen: Seen): number {
  const changes = [...seen].filter(([, number]) => number > 0).sort(([left], [right]) => (left < right ? -1 : 1));
  const [first] = changes;
  if (first === undefined) return 0;
  if (changes.length === 1 && first[0] === ONE_ITEM) return first[1];
  const count = changes.reduce((sum, [, number]) => sum + number, 0);
  const hash = createHash("sha256").update(JSON.stringify(changes)).digest().readUInt32BE() >>> (32 - HASH_BITS);
  return (count % COUNT_LIMIT) * 2 ** HASH_BITS + hash;
}
