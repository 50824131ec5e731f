import { Customer, type CustomerProps } from "../../../drill/clients/customer";
import type { HttpAnswer } from "../../../local-aws/https-client/connection";
import { Pace } from "../../../local-aws/pace";

const signal = new AbortController().signal;
const shown = { name: "GET /cart", method: "GET", path: "/cart" };
const placing = { name: "POST /checkout", method: "POST", path: "/checkout" };

test("a customer keeps the receipt of the latest checkout and sends it with every later request", async () => {
  const sent: Readonly<Record<string, string>>[] = [];
  const receipts = ["one", undefined, "two"];
  const connection = {
    send: async (_: string, path: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
      sent.push(headers);
      const receipt = path === "/checkout" ? receipts.shift() : undefined;
      return {
        ...{ statusCode: 200, contentType: "application/json", body: "{}" },
        headers: receipt === undefined ? {} : { "cart-receipt": receipt },
      };
    },
    close: () => {},
  };
  const customer = new Customer({
    ...{ clientId: 0, apiName: "api.example.com", honoursTtl: true, requestTimeoutMs: 1, userId: "ada", token: "t" },
    ...{ pace: new Pace(1), random: () => 0, onRequest: () => {} },
    directory: { resolve: async () => "192.0.2.1", connect: () => ({ region: "us-east-1", connection }) },
  } as unknown as CustomerProps);
  for (const operation of [shown, placing, shown, placing, placing, shown]) await customer.persist(operation, signal);
  expect(sent.map((headers) => headers["cart-receipt"])).toEqual([undefined, undefined, "one", "one", "one", "two"]);
});
