import { RegionalSecrets } from "../../../local-aws/aws-endpoints/secrets";

const SECRETS = [{ address: "s", name: "shop/key", regions: ["us-east-1", "us-west-2"] }];
const inRegion = (region: string) => new RegionalSecrets(region, "123456789012", SECRETS, (name) => `value of ${name}`);
const call = (SecretId: string, operation = "GetSecretValue") => ({
  operation,
  parameters: { SecretId },
  headers: {},
  body: Buffer.alloc(0),
});

test.each(["us-east-1", "us-west-2"])("a secret is read in %s by its name, or by an ARN", async (region) => {
  const secrets = inRegion(region);
  expect(await secrets.handle(call("shop/key"))).toMatchObject({ SecretString: "value of shop/key" });
  const arn = `arn:aws:secretsmanager:${region}:123456789012:secret:shop/key-AbCdEf`;
  expect(await secrets.handle(call(arn))).toMatchObject({ Name: "shop/key" });
  expect(secrets.resourcesOf(call("shop/key"))).toEqual([arn]);
});

test("a region without a replica has no such secret", async () => {
  await expect(inRegion("eu-west-1").handle(call("shop/key"))).rejects.toMatchObject({
    type: "ResourceNotFoundException",
  });
});

test.each([
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/key-AbCdEf",
  "arn:aws:secretsmanager:us-west-2:999999999999:secret:shop/key-AbCdEf",
  "arn:aws:secretsmanager:us-west-2:123456789012:secret:",
])("us-west-2 has no %s", async (arn) => {
  const refusal = { type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." };
  await expect(inRegion("us-west-2").handle(call(arn))).rejects.toMatchObject(refusal);
  expect(() => inRegion("us-west-2").resourcesOf(call(arn))).toThrow(expect.objectContaining(refusal));
});

test("what is not modelled is refused", async () => {
  await expect(inRegion("us-east-1").handle(call("shop/key", "PutSecretValue"))).rejects.toMatchObject({
    type: "InvalidAction",
  });
});
