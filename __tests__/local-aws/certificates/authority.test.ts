import { X509Certificate } from "node:crypto";
import { Authority } from "../../../local-aws/certificates/authority";

test("issues certificates for all the names, which its own certificate vouches for", async () => {
  const authority = await Authority.create();
  const root = new X509Certificate(authority.caPem);
  const { cert, key } = await authority.issue(["api.example.com", "*.eu.example.com"]);
  const certificate = new X509Certificate(cert);
  expect(certificate.verify(root.publicKey)).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect(certificate.checkHost("api.example.com")).toBe("api.example.com");
  expect(certificate.checkHost("one.eu.example.com")).toBe("*.eu.example.com");
  expect(certificate.checkHost("example.com")).toBeUndefined();
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(key).toContain("BEGIN PRIVATE KEY");
});

test("another authority does not vouch for them", async () => {
  const [one, other] = await Promise.all([Authority.create(), Authority.create()]);
  const certificate = new X509Certificate((await one.issue(["api.example.com"])).cert);
  expect(certificate.verify(new X509Certificate(other.caPem).publicKey)).toBe(false);
});
