import { type CartPut, differingCarts, lostPuts, type ShownCart } from "../../../drill/measure/lost-puts";
import { put, shown, unanswered } from "./observed";

const EAST = "us-east-1";
const WEST = "us-west-2";
const inBoth = (...lines: CartPut[]): ShownCart[] => [shown(EAST, lines), shown(WEST, lines)];
const times = (startedAtMs: number, acknowledgedAtMs: number) => ({ startedAtMs, acknowledgedAtMs });

describe("a put stands", () => {
  test.each<[string, ShownCart[], CartPut[], boolean]>([
    ["in the cart of every region", inBoth(put()), [], true],
    ["in the cart of one region", [shown(EAST, [put()]), shown(WEST, [])], [], false],
    ["in an order", inBoth(), [put()], true],
    ["in an order of another user", inBoth(), [put({ userId: "bea" })], false],
    ["in another user's cart", [shown(EAST, [put()], "bea"), shown(WEST, [put()], "bea"), ...inBoth()], [], false],
    ["nowhere", inBoth(), [], false],
    ["nowhere, not even in a cart that was read", [], [], false],
    ["with another SKU", inBoth(put({ sku: "milk" })), [], false],
    ["with another quantity", inBoth(put({ quantity: 3 })), [], false],
    ["with another price", inBoth(put({ unitPriceMinor: 501 })), [], false],
    ["with another currency", inBoth(put({ currency: "USD" })), [], false],
    ["in one region twice and in the other not", [shown(EAST, [put(), put()]), shown(WEST, [])], [], false],
  ])("or not: %s", (_, carts, ordered, isThere) => {
    const lost = lostPuts([put()], carts, ordered);
    expect(lost).toEqual(isThere ? [] : [put()]);
  });
});

test("a put without an answer is never lost", () => {
  expect(lostPuts([unanswered(put())], inBoth(), [])).toEqual([]);
});

/** Whether an acknowledged put, from 1,000 to 1,100 ms in the primary, is accounted for by another one that stands. */
function isAccountedFor(other: CartPut, where: "cart" | "order" | "nowhere" = "cart"): boolean {
  const carts = where === "cart" ? inBoth(other) : inBoth();
  return !lostPuts([put(), other], carts, where === "order" ? [other] : []).some(({ quantity }) => quantity === 2);
}
const less = { quantity: 1 };
const more = { quantity: 3 };

describe("in one region a put is accounted for by one that was not over before it began", () => {
  test.each<[string, Partial<CartPut>, boolean]>([
    ["a later one", times(1_200, 1_300), true],
    ["one that was under way at the same time", times(900, 1_001), true],
    ["one that ended as it began", times(900, 1_000), false],
    ["an earlier one", times(800, 900), false],
  ])("%s", (_, when, expected) => {
    expect(isAccountedFor(put({ ...less, ...when }))).toBe(expected);
    // It has seen the earlier one: the merge has nothing to decide.
    expect(isAccountedFor(put({ ...more, ...when }))).toBe(expected);
  });

  test("one without an answer may have been carried out at any later time", () => {
    expect(isAccountedFor(unanswered(put({ ...less, ...times(800, 900) })))).toBe(true);
  });
});

describe("of another region a put is accounted for by one that began after its acknowledgement", () => {
  test.each<[string, number, boolean]>([
    ["just after", 1_101, true],
    ["just then", 1_100, false],
    ["before", 1_050, false],
  ])("%s", (_, startedAtMs, expected) => {
    expect(isAccountedFor(put({ ...less, region: WEST, ...times(startedAtMs, 1_400) }))).toBe(expected);
  });

  test("one without an answer that began before is none", () => {
    expect(isAccountedFor(unanswered(put({ ...less, region: WEST, startedAtMs: 900 })))).toBe(false);
  });
});

describe("of another region a put is accounted for by one that the merge prefers, whenever it was", () => {
  test.each<[string, Partial<CartPut>, boolean]>([
    ["more", { quantity: 3, unitPriceMinor: 900, currency: "USD" }, true],
    ["less", { quantity: 1, unitPriceMinor: 100, currency: "AUD" }, false],
    ["as many, cheaper", { unitPriceMinor: 499, currency: "USD" }, true],
    ["as many, dearer", { unitPriceMinor: 501, currency: "AUD" }, false],
    ["the same in an alphabetically earlier currency", { currency: "AUD" }, true],
    ["the same in an alphabetically later currency", { currency: "USD" }, false],
  ])("%s", (_, changes, expected) => {
    const other = put({ region: WEST, ...times(800, 900), ...changes });
    const lost = lostPuts([put(), other], inBoth(other), []);
    expect(lost).toEqual(expected ? [] : [put()]);
  });
});

describe("a put that accounts for another one", () => {
  test("stands itself, in the cart or in an order", () => {
    const later = put({ ...more, ...times(1_200, 1_300) });
    expect(isAccountedFor(later, "cart")).toBe(true);
    expect(isAccountedFor(later, "order")).toBe(true);
    expect(isAccountedFor(later, "nowhere")).toBe(false);
  });

  test.each<[string, Partial<CartPut>]>([
    ["the same SKU", { sku: "milk" }],
    ["the same user", { userId: "bea" }],
  ])("has %s", (_, changes) => {
    const other = put({ ...more, ...times(1_200, 1_300), ...changes });
    expect(lostPuts([put(), other], inBoth(), [other])).toEqual([put()]);
  });

  test("accounts for all that came before it", () => {
    const puts = [1, 2, 3, 4].map((quantity) => put({ quantity, ...times(quantity * 1_000, quantity * 1_000 + 100) }));
    expect(lostPuts(puts, inBoth(...puts.slice(3)), [])).toEqual([]);
    expect(lostPuts(puts, inBoth(...puts.slice(1, 2)), [])).toEqual(puts.slice(2));
  });
});

describe("a put is accounted for by way of others", () => {
  const first = put({ quantity: 3, ...times(1_000, 1_100) });
  const ofTheOtherRegion = put({ quantity: 2, region: WEST, ...times(1_000, 1_100) });
  const replacement = put({ quantity: 1, ...times(1_200, 1_300) });

  test("one that its own region replaced, before the merge preferred another region's to that", () => {
    expect(lostPuts([first, replacement, ofTheOtherRegion], inBoth(ofTheOtherRegion), [])).toEqual([]);
    expect(lostPuts([first, ofTheOtherRegion], inBoth(ofTheOtherRegion), [])).toEqual([first]);
  });

  test("also where the replacement got no answer", () => {
    const open = unanswered(replacement);
    expect(lostPuts([first, open, ofTheOtherRegion], inBoth(ofTheOtherRegion), [])).toEqual([]);
  });

  test.each([
    [1_201, []],
    [1_200, [3]],
  ])(
    "a put of another region that began at %d ms may have seen one without an answer that began at 1,200",
    (startedAtMs, lost) => {
      const long = { ...first, acknowledgedAtMs: 1_500 };
      const dearer = put({ quantity: 1, unitPriceMinor: 900, region: WEST, startedAtMs, acknowledgedAtMs: 1_300 });
      const found = lostPuts([long, unanswered(replacement), dearer], inBoth(dearer), []);
      expect(found.map(({ quantity }) => quantity)).toEqual(lost);
    },
  );

  test("but not by others that nothing accounts for", () => {
    const puts = [first, replacement, ofTheOtherRegion];
    expect(lostPuts(puts, inBoth(), [])).toEqual(puts);
  });
});

describe("carts differ between regions", () => {
  test.each<[string, ShownCart[], string[]]>([
    [
      "not in the order of lines",
      [shown(EAST, [put(), put({ sku: "milk" })]), shown(WEST, [put({ sku: "milk" }), put()])],
      [],
    ],
    ["not from one user to the next", [...inBoth(put()), shown(EAST, [], "bea"), shown(WEST, [], "bea")], []],
    ["by a line more", [shown(EAST, [put()]), shown(WEST, [])], ["ada"]],
    ["by a quantity", [shown(EAST, [put()]), shown(WEST, [put(more)])], ["ada"]],
    ["by a line that is there twice", [shown(EAST, [put()]), shown(WEST, [put(), put()])], ["ada"]],
  ])("%s", (_, carts, users) => {
    expect(differingCarts(carts)).toEqual(users);
  });
});
