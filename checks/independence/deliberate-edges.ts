import { failoverType } from "./failover-pair";
import type { Edge } from "./standby-edges";

/** A kind of edge into the primary region that is intended, and why it does no harm. */
export interface DeliberateEdge {
  readonly reason: string;
  readonly matches: (edge: Edge) => boolean;
}

/** Whether the block has replicas in other regions; its home may then be in the primary region. */
const isReplicated = ({ block }: Edge) => [block?.body["replica"] ?? []].flat().length > 0;

const of = (type: string, attribute: RegExp) => (edge: Edge) =>
  edge.block?.type === type && attribute.test(edge.attribute);

export const DELIBERATE_EDGES: readonly DeliberateEdge[] = [
  {
    reason:
      "a table's home: its replica serves reads and writes alone; only a change of the table's settings needs the home",
    matches: (edge) => of("aws_dynamodb_table", /^provider$/)(edge) && isReplicated(edge),
  },
  {
    reason: "a secret's home: its replica serves reads alone; only a change of the value needs the home",
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
    reason: "the primary region's own host name: the health check and operators call it, customers do not",
    matches: (edge) =>
      of("aws_route53_record", /^(?:name|alias\.(?:name|zone_id))$/)(edge) &&
      edge.block?.body["failover_routing_policy"] === undefined &&
      String(edge.block?.body["name"]).startsWith(`${edge.primaryRegion}.`),
  },
  {
    reason:
      "the name of the record that publishes Route 53's verdict for the primary or its switch: no call goes there",
    matches: (edge) =>
      (of("aws_route53_record", /^name$/)(edge) && edge.block?.body["type"] === "TXT") ||
      (of("aws_lambda_function", /^environment\.variables\.(?:PRIMARY|SWITCH)_VERDICT_NAME$/)(edge) &&
        edge.stack === edge.failoverStack),
  },
  {
    reason: "the primary's watch: it probes the primary from the standby and reports whether it answers",
    matches: (edge) =>
      of("aws_lambda_function", /^(?:description|environment\.variables\.PRIMARY_HEALTH_URL)$/)(edge) &&
      edge.stack === edge.failoverStack,
  },
  {
    reason: "a label of data: the region that a metric in the standby is about",
    matches: (edge) =>
      of("aws_cloudwatch_metric_alarm", /^dimensions\.PrimaryRegion$/)(edge) ||
      of("aws_route53_health_check", /^triggers\.PrimaryRegion$/)(edge) ||
      (of("aws_lambda_function", /^environment\.variables\.PRIMARY_REGION$/)(edge) &&
        edge.value === edge.primaryRegion),
  },
  {
    reason: "the primary stack's state, read to plan the records: it is kept outside the primary region",
    matches: (edge) =>
      of("terraform_remote_state", /^config(?:\.workspaces\.name|\.key|\.path)?$/)(edge) &&
      edge.stack === edge.failoverStack,
  },
  {
    reason: "a label of data: the region whose unpaid orders the sweep takes over; no call goes there",
    matches: (edge) =>
      of("aws_lambda_function", /^environment\.variables\.PEER_REGIONS$/)(edge) && edge.value === edge.primaryRegion,
  },
  {
    reason: "an item's key: the heartbeat that the primary region wrote, read from the standby's own replica",
    matches: of(
      "aws_iam_role_policy",
      /^policy\.Statement\[\d+\]\.Condition\.ForAllValues:StringEquals\.dynamodb:LeadingKeys/,
    ),
  },
  {
    reason: "an observation: the replication lag towards the primary region, and the age of its heartbeat",
    matches: (edge) =>
      of("aws_cloudwatch_metric_alarm", /^(?:alarm_description|dimensions\.(?:ReceivingRegion|PeerRegion))$/)(edge) ||
      of(
        "aws_cloudwatch_dashboard",
        /^dashboard_body\.widgets\[\d+\]\.properties\.(?:title|metrics\[\d+\]\[\d+\])$/,
      )(edge),
  },
];
