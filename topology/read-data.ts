import type { Fields } from "../terraform-json/json";
import type { Resolver } from "../terraform-json/resolver";
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
    const attributes = fields.blocks("attribute").map((attribute) => ({
      name: attribute.text("name"),
      type: oneOf(attribute, "type", ATTRIBUTE_TYPES),
    }));
    const names = attributes.map(({ name }) => name);
    return {
      address,
      name: fields.text("name"),
      regions: [region, ...replicas.map((replica) => replica.text("region_name"))],
      attributes,
      ...keysOf(fields, names),
      indexes: fields.blocks("global_secondary_index").map((index) => indexOf(index, names)),
    };
  });
}

function keysOf(fields: Fields, attributes: readonly string[]): Pick<TableIndex, "hashKey" | "rangeKey"> {
  const key = (name: string) => {
    const text = fields.text(name);
    if (attributes.includes(text)) return text;
    return fields.fail(name, `one of the table's attributes ${attributes.join(", ")}`, text);
  };
  return { hashKey: key("hash_key"), ...(fields.has("range_key") ? { rangeKey: key("range_key") } : {}) };
}

function indexOf(index: Fields, attributes: readonly string[]): TableIndex {
  return {
    name: index.text("name"),
    ...keysOf(index, attributes),
    projectionType: oneOf(index, "projection_type", PROJECTION_TYPES),
    nonKeyAttributes: index.texts("non_key_attributes"),
  };
}

export function readSecrets(resolver: Resolver): ReplicatedSecret[] {
  return resolver.all("aws_secretsmanager_secret").map(({ address, fields, region }) => ({
    address,
    name: fields.text("name"),
    regions: [region, ...fields.blocks("replica").map((replica) => replica.text("region"))],
  }));
}

export function oneOf<const T extends string>(fields: Fields, name: string, values: readonly T[]): T {
  const text = fields.text(name);
  return values.find((value) => value === text) ?? fields.fail(name, `one of ${values.join(", ")}`, text);
}
