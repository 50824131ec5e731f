import { Authority } from "../../../local-aws/certificates/authority";
import { RegionListener } from "../../../local-aws/http-api/listener";
import { TokenIssuer } from "../../../local-aws/jwt/issuer";
import { FunctionHost } from "../../../local-aws/lambda/function-host";
import { RuntimeApi } from "../../../local-aws/lambda/runtime-api";
import { declaredFunction } from "../lambda/declared-function";
import { RegionClient } from "./region-client";
import { API, INVOKERS, ISSUER, shopRegion } from "./shop-region";

test("forty customers get their own answers from four processes, through TLS", async () => {
  const lambda = declaredFunction(
    { "index.js": `exports.handler = async (event) => ({ statusCode: 200, body: event.queryStringParameters.n });` },
    { invokers: INVOKERS },
  );
  const [authority, issuer] = await Promise.all([Authority.create(), TokenIssuer.create(ISSUER)]);
  const runtimeApi = new RuntimeApi();
  await runtimeApi.start();
  const host = new FunctionHost({ lambda, region: "us-east-1", runtimeApi, accessKeyId: "AKIA", queueMs: 10_000 });
  await host.start(4);
  const region = shopRegion(lambda);
  const issuers = new Map([[ISSUER, issuer.jwks]]);
  const invoke = (_: unknown, event: unknown) => host.invoke(event);
  const listener = new RegionListener({ region, accountId: "123456789012", issuers, authority, invoke });
  const port = await listener.start();
  const authorization = `Bearer ${await issuer.sign({ subject: "ada", audience: "checkout" })}`;
  const customers = Array.from({ length: 40 }, () => new RegionClient(port, authority.caPem));
  try {
    await Promise.all(
      customers.map(async (customer, index) => {
        for (let n = index; n < 400; n += 40) {
          const answer = await customer.ask({ name: API, path: `/cart?n=${n}`, headers: { authorization } });
          expect(answer).toMatchObject({ statusCode: 200, body: String(n) });
        }
      }),
    );
    expect(host.environmentCount).toBe(4);
  } finally {
    for (const customer of customers) customer.close();
    await listener.stop();
    await host.stop();
    await runtimeApi.stop();
  }
}, 20_000);
