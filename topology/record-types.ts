/**
 * Record types that the drill's DNS answers.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
 */
export const RECORD_TYPES = ["A", "AAAA", "CNAME", "NS", "PTR", "TXT", "CAA", "MX", "SRV"] as const;

export type RecordType = (typeof RECORD_TYPES)[number];
