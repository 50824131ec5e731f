import { failoverType } from "./failover-pair";
import type { Edge } from "./standby-edges";

/** A kind of edge into the primary region that is meant to be there, and why it does no harm. */
export interface DeliberateEdge {
  readonly reason: string;
  readonly matches: (edge: Edge) => boolean;
}

/** Whether the block has copies elsewhere: then its home may be in the primary region. */
const isReplicated = ({ block }: Edge) => [block?.body["replica"] ?? []].flat().length > 0;

const of = (type: string, attribute: RegExp) => (edge: Edge) =>
  edge.block?.type === type && attribute.test(edge.attribute);

export const DELIBERATE_EDGES: readonly DeliberateEdge[] = [
  {
    reason:
      "a replica's home: the replica reads and writes alone, the home is needed to change the table's settings only",
    matches: (edge) => of("aws_dynamodb_table", /^provider$/)(edge) && isReplicated(edge),
  },
  {
    reason: "a secret's home: the replica is read alone, the home is needed to change the value only",
    matches: (edge) => of("aws_secretsmanager_secret", /^provider$/)(edge) && isReplicated(edge),
  },
  {
    reason: "the primary health check: watching the primary region is its purpose",
    matches: of("aws_route53_health_check", /^(?:fqdn|tags\.Name)$/),
  },
  {
    reason: "the PRIMARY record: Route 53 stops answering with it when the check fails",
    matches: (edge) =>
      of("aws_route53_record", /^(?:records\[\d+\]|alias\.(?:name|zone_id))$/)(edge) &&
      failoverType(edge.block?.body ?? {}) === "PRIMARY",
  },
  {
    reason: "the primary region's own host name: the health check and people call it, customers do not",
    matches: (edge) =>
      of("aws_route53_record", /^(?:name|alias\.(?:name|zone_id))$/)(edge) &&
      edge.block?.body["failover_routing_policy"] === undefined &&
      String(edge.block?.body["name"]).startsWith(`${edge.primaryRegion}.`),
  },
  {
    reason: "a name under which name servers tell what Route 53 makes of the primary: a text that leads nowhere",
    matches: (edge) =>
      (of("aws_route53_record", /^name$/)(edge) && edge.block?.body["type"] === "TXT") ||
      (of("aws_lambda_function", /^environment\.variables\.PRIMARY_VERDICT_NAME$/)(edge) &&
        edge.stack === edge.failoverStack),
  },
  {
    reason: "the primary's watch: it asks the primary from the standby, and reports whether it answers",
    matches: (edge) =>
      of("aws_lambda_function", /^(?:description|environment\.variables\.PRIMARY_HEALTH_URL)$/)(edge) &&
      edge.stack === edge.failoverStack,
  },
  {
    reason: "a name for data: whose metric it is; it lies in the standby",
    matches: (edge) =>
      of("aws_cloudwatch_metric_alarm", /^dimensions\.PrimaryRegion$/)(edge) ||
      of("aws_route53_health_check", /^triggers\.PrimaryRegion$/)(edge) ||
      (of("aws_lambda_function", /^environment\.variables\.PRIMARY_REGION$/)(edge) &&
        edge.value === edge.primaryRegion),
  },
  {
    reason: "the primary stack's state, read where the records are planned: a file outside the primary region",
    matches: (edge) =>
      of("terraform_remote_state", /^config(?:\.workspaces\.name|\.key|\.path)?$/)(edge) &&
      edge.stack === edge.failoverStack,
  },
  {
    reason: "a name for data: whose unpaid orders the sweep takes over; no call goes there",
    matches: (edge) =>
      of("aws_lambda_function", /^environment\.variables\.PEER_REGIONS$/)(edge) && edge.value === edge.primaryRegion,
  },
  {
    reason: "an observation: how far copies on their way to the primary region lag behind",
    matches: (edge) =>
      of("aws_cloudwatch_metric_alarm", /^(?:alarm_description|dimensions\.ReceivingRegion)$/)(edge) ||
      of(
        "aws_cloudwatch_dashboard",
        /^dashboard_body\.widgets\[\d+\]\.properties\.(?:title|metrics\[\d+\]\[\d+\])$/,
      )(edge),
  },
];
