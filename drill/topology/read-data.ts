import type { Fields } from "../terraform/json";
import type { Resolver } from "../terraform/resolver";
import type { GlobalTable, ReplicatedSecret, TableIndex } from "./topology";

const ATTRIBUTE_TYPES = ["S", "N", "B"] as const;
const PROJECTION_TYPES = ["ALL", "KEYS_ONLY", "INCLUDE"] as const;

export function readTables(resolver: Resolver): GlobalTable[] {
  return resolver.all("aws_dynamodb_table").map(({ address, fields, region }) => {
    const replicas = fields.blocks("replica");
    for (const replica of replicas) {
      if (replica.optionalText("consistency_mode") === "STRONG") {
        replica.fail("consistency_mode", "EVENTUAL: the drill copies asynchronously", "STRONG");
      }
    }
    const rangeKey = fields.optionalText("range_key");
    return {
      address,
      name: fields.text("name"),
      regions: [String(region), ...replicas.map((replica) => replica.text("region_name"))],
      attributes: fields.blocks("attribute").map((attribute) => ({
        name: attribute.text("name"),
        type: oneOf(attribute, "type", ATTRIBUTE_TYPES),
      })),
      hashKey: fields.text("hash_key"),
      ...(rangeKey === undefined ? {} : { rangeKey }),
      indexes: fields.blocks("global_secondary_index").map(indexOf),
    };
  });
}

function indexOf(index: Fields): TableIndex {
  const rangeKey = index.optionalText("range_key");
  return {
    name: index.text("name"),
    hashKey: index.text("hash_key"),
    ...(rangeKey === undefined ? {} : { rangeKey }),
    projectionType: oneOf(index, "projection_type", PROJECTION_TYPES),
    nonKeyAttributes: index.texts("non_key_attributes"),
  };
}

export function readSecrets(resolver: Resolver): ReplicatedSecret[] {
  return resolver.all("aws_secretsmanager_secret").map(({ address, fields, region }) => ({
    address,
    name: fields.text("name"),
    regions: [String(region), ...fields.blocks("replica").map((replica) => replica.text("region"))],
  }));
}

export function oneOf<const T extends string>(fields: Fields, name: string, values: readonly T[]): T {
  const text = fields.text(name);
  return values.find((value) => value === text) ?? fields.fail(name, `one of ${values.join(", ")}`, text);
}
