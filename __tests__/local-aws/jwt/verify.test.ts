import { base64url } from "jose";
import { TokenIssuer } from "../../../local-aws/jwt/issuer";
import { JwtVerifier } from "../../../local-aws/jwt/verify";

const ISSUER = "https://login.example.com/";
const NOW = new Date("2026-11-22T12:00:00Z");
const TOKEN = { subject: "ada", audience: "checkout", now: NOW };

let issuer: TokenIssuer;
let verifier: JwtVerifier;

beforeAll(async () => {
  issuer = await TokenIssuer.create(ISSUER);
  verifier = new JwtVerifier({ issuer: ISSUER, audience: ["checkout", "returns"] }, issuer.jwks, () => NOW);
});

const refusal = (text: string | undefined) => ({ refusal: text });

test("accepts the issuer's token, after Bearer or alone, and hands its claims over as strings", async () => {
  const claims = { groups: ["admins", "buyers"], verified: true };
  const token = await issuer.sign({ ...TOKEN, scope: "cart:write", claims });
  const expected = {
    claims: {
      iss: ISSUER,
      sub: "ada",
      aud: "checkout",
      iat: "1795348800",
      exp: "1795352400",
      scope: "cart:write",
      groups: "[admins buyers]",
      verified: "true",
    },
  };
  expect(await verifier.verify(`Bearer ${token}`)).toEqual(expected);
  expect(await verifier.verify(`bearer ${token}`)).toEqual(expected);
  expect(await verifier.verify(token)).toEqual(expected);
});

test("one of several audiences is enough", async () => {
  const token = await issuer.sign({ ...TOKEN, audience: ["elsewhere", "returns"] });
  expect(await verifier.verify(token)).toHaveProperty("claims");
});

test.each([
  ["nothing", undefined],
  ["another scheme", "Basic YTpi"],
])("has no token in %s", async (_, authorization) => {
  expect(await verifier.verify(authorization)).toEqual(refusal(undefined));
});

test.each([
  ["has expired", { now: new Date(NOW.getTime() - 3_600_000) }, "the token has expired"],
  ["is for another audience", { audience: "elsewhere" }, "the token does not have a valid audience"],
  ["is not valid yet", { claims: { nbf: NOW.getTime() / 1000 + 60 } }, "the token has no valid 'nbf'"],
  ["comes from the future", { claims: { iat: NOW.getTime() / 1000 + 60 } }, "the token was issued in the future"],
  ["has another issuer", { claims: { iss: "https://login.example.com" } }, "invalid issuer"],
])("refuses a token that %s", async (_, difference, reason) => {
  expect(await verifier.verify(await issuer.sign({ ...TOKEN, ...difference }))).toEqual(refusal(reason));
});

test("client_id stands in for the audience only where there is none", async () => {
  const without = await issuer.sign({ ...TOKEN, claims: { aud: undefined, client_id: "checkout" } });
  const beside = await issuer.sign({ ...TOKEN, audience: "elsewhere", claims: { client_id: "checkout" } });
  expect(await verifier.verify(without)).toHaveProperty("claims");
  expect(await verifier.verify(beside)).toHaveProperty("refusal");
});

test("refuses a token of another key, also under the same name", async () => {
  const stranger = await TokenIssuer.create(ISSUER);
  const token = await stranger.sign(TOKEN);
  expect(await verifier.verify(token)).toEqual(refusal("unable to find a key that matches the token's"));
  const [header = "", payload, signature] = token.split(".");
  const kid = issuer.jwks.keys[0]?.kid;
  const renamed = base64url.encode(JSON.stringify({ ...JSON.parse(Buffer.from(header, "base64url").toString()), kid }));
  expect(await verifier.verify([renamed, payload, signature].join("."))).toEqual(refusal("signature is invalid"));
});

test("refuses a token without a signature", async () => {
  const [, payload] = (await issuer.sign(TOKEN)).split(".");
  const header = base64url.encode(JSON.stringify({ alg: "none", typ: "JWT" }));
  expect(await verifier.verify(`${header}.${payload}.`)).toEqual(refusal("signing method is invalid"));
});

test("refuses elliptic curves, which API Gateway does not know", async () => {
  const modern = await TokenIssuer.create(ISSUER, "ES256");
  const itsVerifier = new JwtVerifier({ issuer: ISSUER, audience: ["checkout"] }, modern.jwks, () => NOW);
  expect(await itsVerifier.verify(await modern.sign(TOKEN))).toEqual(refusal("signing method is invalid"));
});

test("refuses what is no token", async () => {
  expect(await verifier.verify("Bearer a.b.c")).toEqual(refusal("the token is malformed"));
});
