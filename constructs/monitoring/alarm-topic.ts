import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { type RegionalAccount, topicArn } from "../providers-and-state/regional-arns";

export interface AlarmTopicProps extends RegionalAccount {
  /** Name of the topic that is made for {@link AlarmAudience} `email`. */
  readonly topicName: string;
  readonly audience: AlarmAudience;
}

/** Who is notified of alarms: an e-mail address for a new topic, or the name of a topic that exists in every region. */
export type AlarmAudience = { readonly email: string } | { readonly topicName: string };

/** Where a region's alarms go. An alarm notifies a topic of its own region only, so each region has one. */
export class AlarmTopic extends Construct {
  public readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    if ("topicName" in props.audience) {
      this.topicArn = topicArn(props, props.audience.topicName);
      return;
    }
    const topic = new SnsTopic(this, "Resource", { name: props.topicName });
    new SnsTopicSubscription(this, "Email", { topicArn: topic.arn, protocol: "email", endpoint: props.audience.email });
    this.topicArn = topic.arn;
  }
}
