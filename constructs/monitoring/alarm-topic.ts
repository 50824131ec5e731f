import { DataAwsSnsTopic } from "@cdktf/provider-aws/lib/data-aws-sns-topic";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";

export interface AlarmTopicProps {
  /** Name of the topic that is made for {@link AlarmAudience} `email`. */
  readonly topicName: string;
  readonly audience: AlarmAudience;
}

/** Who is notified of alarms: an e-mail address for a new topic, or the name of a topic that exists in every region. */
export type AlarmAudience = { readonly email: string } | { readonly topicName: string };

/**
 * Where a region's alarms go. An alarm notifies a topic of its own region only, so each region has one. CloudWatch does not look whether
 * an alarm's topic exists, nor tells anyone when it does not. A topic that must be there already is therefore looked up by the plan, in
 * this region alone: a plan fails where it is missing, and needs no other region.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
export class AlarmTopic extends Construct {
  public readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    if ("topicName" in props.audience) {
      this.topicArn = new DataAwsSnsTopic(this, "Existing", { name: props.audience.topicName }).arn;
      return;
    }
    const topic = new SnsTopic(this, "Resource", { name: props.topicName });
    new SnsTopicSubscription(this, "Email", { topicArn: topic.arn, protocol: "email", endpoint: props.audience.email });
    this.topicArn = topic.arn;
  }
}
