import "reflect-metadata"; // What x509 is built on; it must be there first.
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate with its key, both as PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

const KEYS = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** Replaces ACM: a certificate authority for one drill, which only the drill's clients trust. */
export class Authority {
  private constructor(
    private readonly root: x509.X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly validity: { readonly notBefore: Date; readonly notAfter: Date },
  ) {}

  /** @param now - certificates are valid from a day before until a week after */
  static async create(now = new Date()): Promise<Authority> {
    const keys = await generateKeys();
    const validity = { notBefore: new Date(now.getTime() - DAY_MS), notAfter: new Date(now.getTime() + 7 * DAY_MS) };
    const root = await x509.X509CertificateGenerator.createSelfSigned(
      {
        name: "CN=Region-outage drill",
        keys,
        ...validity,
        signingAlgorithm: SIGNING,
        extensions: [
          new x509.BasicConstraintsExtension(true, 0, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        ],
      },
      webcrypto,
    );
    return new Authority(root, keys, validity);
  }

  /** Certificate that clients must trust. */
  get caPem(): string {
    return this.root.toString("pem");
  }

  /** @param names - the DNS names that the certificate is for; `*.` stands for one label */
  async issue(names: readonly string[]): Promise<ServerCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create(
      {
        // A name may be longer than a common name's 64 characters; clients look at the alternative names only.
        subject: "CN=Region-outage drill server",
        issuer: this.root.subject,
        ...this.validity,
        signingAlgorithm: SIGNING,
        publicKey: keys.publicKey,
        signingKey: this.keys.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(this.keys.publicKey, false, webcrypto),
        ],
      },
      webcrypto,
    );
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { cert: certificate.toString("pem"), key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;
}
