import fc from "fast-check";
import type { VendorMood } from "./vendor-double";

export type Region = 0 | 1;

/** One thing that happens beside the others of its round. */
export type Act =
  | {
      readonly kind: "put";
      readonly user: number;
      readonly region: Region;
      readonly sku: string;
      readonly quantity: number;
    }
  | { readonly kind: "remove"; readonly user: number; readonly region: Region; readonly sku: string }
  /** Buys what is in the cart, and repeats the request in another region when it got no answer. */
  | {
      readonly kind: "buy";
      readonly user: number;
      readonly key: number;
      readonly region: Region;
      readonly repeatRegion: Region;
      readonly dies: Dying | undefined;
    }
  /** Uses the key of the user's last acknowledged order again, in the region that has acknowledged it, for whatever is in the cart now. */
  | { readonly kind: "reuse key"; readonly user: number }
  | { readonly kind: "work"; readonly region: Region; readonly dies: Dying | undefined }
  | { readonly kind: "sweep"; readonly region: Region; readonly dies: Dying | undefined }
  | { readonly kind: "replicate"; readonly writes: number };

/** The step at which an invocation dies, and whether that step still has its effect. */
export interface Dying {
  readonly step: number;
  readonly isAfterEffect: boolean;
}

export interface Round {
  readonly acts: readonly Act[];
  readonly mood: VendorMood;
  /** Whether sending to either region's queue fails. */
  readonly isQueueRefusing: boolean;
  /** A region that nobody reaches, and that does nothing, during this round. */
  readonly lost: Region | undefined;
  /** Whether the regions cannot see each other; both serve. */
  readonly isPartitioned: boolean;
  readonly minutesAfter: number;
}

export interface History {
  /** How far each region's clock is ahead, in milliseconds. */
  readonly skewsMs: readonly [number, number];
  readonly rounds: readonly Round[];
  /** Decides who is next whenever more than one could be. */
  readonly tape: readonly number[];
}

const region = fc.constantFrom<Region>(0, 1);
const user = fc.nat({ max: 1 });
const dying = fc.option(fc.record({ step: fc.nat({ max: 5 }), isAfterEffect: fc.boolean() }), { nil: undefined });

const sku = fc.constantFrom("mug", "pot");

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      user,
      region,
      sku,
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), user, region, sku }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("buy" as const),
      user,
      key: fc.nat({ max: 2 }),
      region,
      repeatRegion: region,
      dies: dying,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reuse key" as const), user }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("work" as const), region, dies: dying }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sweep" as const), region, dies: dying }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("replicate" as const), writes: fc.integer({ min: 1, max: 4 }) }),
  },
);

const mood = fc.oneof(
  { weight: 6, arbitrary: fc.constant<VendorMood>("answers") },
  {
    weight: 4,
    arbitrary: fc.constantFrom<VendorMood>(
      "declines",
      "fails",
      "charges and fails",
      "charges and hangs",
      "answers twice",
    ),
  },
);

const round: fc.Arbitrary<Round> = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
  mood,
  isQueueRefusing: fc.nat({ max: 5 }).map((n) => n === 5),
  isPartitioned: fc.nat({ max: 3 }).map((n) => n === 3),
  lost: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: region }),
  minutesAfter: fc.constantFrom(0, 1, 10, 40, 70),
});

const skewMs = fc.integer({ min: -5_000, max: 5_000 });

export const history: fc.Arbitrary<History> = fc.record({
  skewsMs: fc.tuple(skewMs, skewMs),
  rounds: fc.array(round, { minLength: 1, maxLength: 4 }),
  tape: fc.array(fc.nat({ max: 9 }), { minLength: 7, maxLength: 23 }),
});
