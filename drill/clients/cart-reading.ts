import { setTimeout } from "node:timers/promises";
import { type Connection, NoAnswerError } from "../../local-aws/https-client/connection";
import type { DrilledDeployment } from "../deployment/drilled-deployment";
import { type CartLine, differingCarts, type ShownCart } from "../measure/lost-puts";
import type { CartReading } from "../measure/lost-writes";

export interface ReadingLimits {
  /** Wall milliseconds after which no further reading begins. */
  readonly readingMs: number;
  /** Wall milliseconds until carts that differ, or were not shown, are read again: replication may still be arriving. */
  readonly lookAgainMs: number;
}

const USUAL_LIMITS: ReadingLimits = { readingMs: 10_000, lookAgainMs: 500 };
/** Wall milliseconds after which a reading sends no further request. */
const ONE_READING_MS = 15_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** Requests at one moment in each region. */
const LANES = 8;

interface Reader {
  readonly userId: string;
  readonly token: string;
}

/** What a region showed, or why it showed nothing. */
type Shown = ShownCart | { readonly userId: string; readonly region: string; readonly why: string };

/** Each user's cart by `GET /cart` in each region, called by its address; read again until all are equal, for a limited time. */
export async function readCarts(
  deployment: DrilledDeployment,
  userIds: readonly string[],
  { readingMs, lookAgainMs } = USUAL_LIMITS,
): Promise<CartReading> {
  const deadlineMs = performance.now() + readingMs;
  const readers = await Promise.all(
    userIds.map(async (userId): Promise<Reader> => ({ userId, token: await deployment.token(userId) })),
  );
  for (;;) {
    const reading = readingOf(await everyRegion(deployment, readers));
    const isSettled = reading.whyUnread === undefined && differingCarts(reading.carts).length === 0;
    if (isSettled || performance.now() + lookAgainMs > deadlineMs) return reading;
    await setTimeout(lookAgainMs);
  }
}

function readingOf(shown: readonly Shown[]): CartReading {
  const carts = shown.filter((it): it is ShownCart => "lines" in it);
  const [unread] = shown.flatMap((it) => ("why" in it ? [it] : []));
  if (unread === undefined) return { carts };
  const { region, userId, why } = unread;
  const more = shown.length - carts.length - 1;
  return {
    carts,
    whyUnread: `${region} did not show the cart of ${userId} (${why})${more === 0 ? "" : `, nor ${more} more`}`,
  };
}

async function everyRegion(
  { aws, target, regionNames }: DrilledDeployment,
  readers: readonly Reader[],
): Promise<Shown[]> {
  const deadlineMs = performance.now() + ONE_READING_MS;
  const addresses = aws.addressesByRegion().filter(([region]) => regionNames.includes(region));
  const lanes = addresses.flatMap(([region, address]) => {
    const waiting = readers.values(); // Each reader goes into one lane.
    return Array.from({ length: LANES }, async () => {
      const connection = aws.connect(address, target.apiName);
      const shown: Shown[] = [];
      for (const reader of waiting) shown.push(await shownCart(connection, region, reader, deadlineMs));
      connection?.close();
      return shown;
    });
  });
  return (await Promise.all(lanes)).flat();
}

async function shownCart(
  connection: Connection | undefined,
  region: string,
  { userId, token }: Reader,
  deadlineMs: number,
): Promise<Shown> {
  const unread = (why: string): Shown => ({ userId, region, why });
  if (connection === undefined) return unread("nobody is at its address");
  if (performance.now() > deadlineMs) return unread("no time was left");
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await connection.send("GET", "/cart", headers, undefined, REQUEST_TIMEOUT_MS);
    if (statusCode !== 200) return unread(`status ${statusCode}`);
    const { lines } = JSON.parse(body) as { lines?: readonly CartLine[] };
    return Array.isArray(lines) ? { userId, region, lines } : unread("status 200, without lines");
  } catch (error) {
    if (error instanceof NoAnswerError) return unread(error.message);
    if (error instanceof SyntaxError) return unread("status 200, without JSON");
    throw error;
  }
}
