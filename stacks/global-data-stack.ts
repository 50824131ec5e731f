import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Deployment } from "../config/deployment";
import { regionalProvider } from "../constructs/providers-and-state/regional-provider";
import { attachStateBackend } from "../constructs/providers-and-state/state-backend";
import { GlobalTable, type GlobalTableProps } from "../constructs/replicated-data/global-table";
import { RegionalKey } from "../constructs/replicated-data/regional-key";
import { ReplicatedSecret } from "../constructs/replicated-data/replicated-secret";

/**
 * Sparse index of orders that are not paid yet, by the region that accepted them and the time they were last enqueued. A region's
 * unpaid orders are one partition, which takes about 500 orders a second (each enters and leaves). A larger shop must split the region into
 * shards.
 */
export const UNPAID_INDEX_NAME = "unpaid-by-region";

/** State that both regions share: the global tables and the vendor's secret, each copy under a key of its own region. */
export class GlobalDataStack extends TerraformStack {
  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const { settings, namePrefix, tableNames, tags } = deployment;
    attachStateBackend(this, settings.backend);
    const [primary, secondary] = deployment.regions.map((region) => {
      const common = { region: region.name, accountId: settings.accountId };
      const provider = regionalProvider(this, `Aws-${region.role}`, {
        ...common,
        tags,
        alias: region.role,
        emulator: settings.emulator,
      });
      const key = new RegionalKey(this, `DataKey-${region.role}`, {
        ...common,
        provider,
        aliasName: `${namePrefix}-data`,
        logicalId: `data_${region.role}`,
        preventDestroy: settings.protectData,
      });
      return { region: region.name, provider, kmsKeyArn: key.keyArn };
    }) as [RegionalData, RegionalData];

    const shared = {
      provider: primary.provider,
      kmsKeyArn: primary.kmsKeyArn,
      replicas: [{ region: secondary.region, kmsKeyArn: secondary.kmsKeyArn }],
      tags,
      protectData: settings.protectData,
      warmThroughput: settings.warmThroughput,
    } satisfies Partial<GlobalTableProps>;
    new GlobalTable(this, "CheckoutTable", {
      ...shared,
      tableName: tableNames.checkout,
      logicalId: "checkout",
      partitionKey: { name: "userId", type: "S" },
      ttlAttribute: "expiresAtSeconds",
    });
    new GlobalTable(this, "OrdersTable", {
      ...shared,
      tableName: tableNames.orders,
      logicalId: "orders",
      partitionKey: { name: "orderId", type: "S" },
      indexes: [
        {
          name: UNPAID_INDEX_NAME,
          partitionKey: { name: "unpaidRegion", type: "S" },
          sortKey: { name: "lastEnqueuedAtMs", type: "N" },
        },
      ],
    });
    new ReplicatedSecret(this, "VendorSecret", {
      ...shared,
      secretName: deployment.vendorSecretName,
      logicalId: "vendor",
      description: "Key of the payment vendor's API; put in by hand, never by Terraform",
    });
  }
}

interface RegionalData {
  readonly region: string;
  readonly provider: ReturnType<typeof regionalProvider>;
  readonly kmsKeyArn: string;
}
