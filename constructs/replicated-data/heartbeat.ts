/** Minutes between two heartbeats of a region. */
export const HEARTBEAT_RATE_MINUTES = 1;

/**
 * Age, in seconds, at which a heartbeat is too old: the interval, the minute within which EventBridge Scheduler starts a run, and another minute for
 * slow replication and for clocks that differ.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const OLDEST_HEARTBEAT_SECONDS = HEARTBEAT_RATE_MINUTES * 60 + 60 + 60;

/**
 * Partition key of a region's heartbeat, as the function writes it (`handlers/adapters/dynamodb-heartbeat-store.ts`). IAM policies take no characters
 * beyond Latin-1: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const heartbeatKey = (region: string): string => `heartbeat·${region}`;
