import { Engine } from "../../../local-aws/dynamodb/engine";
import { DeclarationError } from "../../../terraform-json/errors";

const engine = new Engine();
afterAll(() => engine.stop());

test("a table that DynamoDB does not take is named, with its answer", async () => {
  const table = {
    address: "global-data: aws_dynamodb_table.checkout",
    name: "x",
    regions: ["us-east-1"],
    attributes: [{ name: "id", type: "S" as const }],
    hashKey: "id",
    indexes: [],
  };
  const started = engine.start([table]);
  await expect(started).rejects.toBeInstanceOf(DeclarationError);
  await expect(started).rejects.toThrow(
    /^global-data: aws_dynamodb_table\.checkout: must be a table that DynamoDB creates; it answers: TableName must be at least 3/,
  );
});
