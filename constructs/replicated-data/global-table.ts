import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

/** A string (`S`) or number (`N`) attribute that is part of a key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N";
}

export interface GlobalTableIndex {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

export interface GlobalTableReplica {
  readonly region: string;
  /** ARN of a key in the replica's own region; a replica does not inherit the home table's. */
  readonly kmsKeyArn: string;
}

export interface GlobalTableProps {
  /** Provider of the home region. */
  readonly provider: AwsProvider;
  /** The same name in every region. */
  readonly tableName: string;
  /** Address of the table in Terraform's state; it must never change, or the table is replaced. */
  readonly logicalId: string;
  readonly partitionKey: KeyAttribute;
  /** Sparse indexes that project keys only. */
  readonly indexes?: readonly GlobalTableIndex[];
  /** Attribute whose value, in seconds since 1970, is when DynamoDB may delete the item. */
  readonly ttlAttribute?: string;
  /** ARN of the home region's key. */
  readonly kmsKeyArn: string;
  readonly replicas: readonly GlobalTableReplica[];
  readonly tags: Readonly<Record<string, string>>;
  /** Deletion protection on the home table and every replica, and `prevent_destroy`. */
  readonly protectData: boolean;
  /** @default DynamoDB's own */
  readonly warmThroughput?: { readonly readUnitsPerSecond: number; readonly writeUnitsPerSecond: number } | undefined;
}

/**
 * An on-demand DynamoDB table replicated to other regions (MREC: asynchronous, last writer wins per item).
 *
 * Encryption, point-in-time recovery, deletion protection and tags are set on every replica, since none of them is inherited.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class GlobalTable extends Construct {
  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id);
    if (props.replicas.length === 0) {
      throw new Error(
        `${this.node.path}: 'replicas' must name at least one region, got none; a table without one is lost with its region`,
      );
    }
    const indexes = props.indexes ?? [];
    const warm = props.warmThroughput === undefined ? {} : { warmThroughput: props.warmThroughput };
    const ignoreChanges = changesOfDynamoDbsOwn(props.warmThroughput !== undefined, indexes.length > 0);
    const table = new DynamodbTable(this, "Resource", {
      provider: props.provider,
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: props.partitionKey.name,
      attribute: keyAttributes(props.partitionKey, indexes),
      globalSecondaryIndex: indexes.map((index) => ({
        name: index.name,
        hashKey: index.partitionKey.name,
        ...(index.sortKey === undefined ? {} : { rangeKey: index.sortKey.name }),
        projectionType: "KEYS_ONLY",
        // A cold index throttles writes to its table, however warm that is (warm-throughput, gsi-throttling).
        ...warm,
      })),
      // Replication needs both images, and so does anyone who audits what last-writer-wins discarded.
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
      ...(props.ttlAttribute === undefined ? {} : { ttl: { attributeName: props.ttlAttribute, enabled: true } }),
      serverSideEncryption: { enabled: true, kmsKeyArn: props.kmsKeyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: props.protectData,
      replica: props.replicas.map(({ region, kmsKeyArn }) => ({
        regionName: region,
        kmsKeyArn,
        pointInTimeRecovery: true,
        deletionProtectionEnabled: props.protectData,
        propagateTags: true,
      })),
      ...warm,
      tags: { ...props.tags },
      lifecycle: {
        preventDestroy: props.protectData,
        ...(ignoreChanges.length === 0 ? {} : { ignoreChanges }),
      },
    });
    table.overrideLogicalId(props.logicalId);
  }
}

/**
 * What DynamoDB raises with the traffic, and never lowers. To the provider, a higher value than the settings' means a new table or a new
 * index. Version 6.25.0 also plans to take an index's value away for ever when the settings name none
 * (https://github.com/hashicorp/terraform-provider-aws/issues/44692); `lifecycle` cannot name a part of an index, so that a change
 * to an index itself needs this list without it for one apply.
 */
function changesOfDynamoDbsOwn(isWarmed: boolean, isIndexed: boolean): string[] {
  return [...(isWarmed ? ["warm_throughput"] : []), ...(isIndexed ? ["global_secondary_index"] : [])];
}

/** Every key attribute once, in the order of first use. */
function keyAttributes(partitionKey: KeyAttribute, indexes: readonly GlobalTableIndex[]): KeyAttribute[] {
  const all = [
    partitionKey,
    ...indexes.flatMap((index) => [index.partitionKey, ...(index.sortKey ? [index.sortKey] : [])]),
  ];
  return [...new Map(all.map((attribute) => [attribute.name, attribute])).values()];
}
