/** One region of one account: every ARN that its functions may touch is built from these two. */
export interface RegionalAccount {
  readonly region: string;
  readonly accountId: string;
}

/**
 * ARN of a table in the given region. A global table's Terraform resource has its home region's ARN only, which a policy in another
 * region cannot use.
 */
export function tableArn({ region, accountId }: RegionalAccount, tableName: string): string {
  return `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`;
}

/** ARN of an index of a table in the given region. */
export function tableIndexArn(account: RegionalAccount, tableName: string, indexName: string): string {
  return `${tableArn(account, tableName)}/index/${indexName}`;
}

/**
 * ARN pattern of a secret in the given region. Secrets Manager adds a hyphen and six random characters to the name; six question
 * marks match those and no longer name.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function secretArnPattern({ region, accountId }: RegionalAccount, secretName: string): string {
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretName}-??????`;
}

/** ARN of an SNS topic in the given region. */
export function topicArn({ region, accountId }: RegionalAccount, topicName: string): string {
  return `arn:aws:sns:${region}:${accountId}:${topicName}`;
}
