import { Logger } from "@aws-lambda-powertools/logger";
import type { EnvironmentReader } from "../environment-reader";
import type { Log } from "../log";

/**
 * Structured lines by Powertools, errors on stderr and all others on stdout: level, event as `message`, time, trace id, and on each the function, its version and its
 * region, so that lines of both regions and of two deployments can lie in one place.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function powertoolsLog(environment: EnvironmentReader<object>): Log {
  const { name, version } = environment.ownFunction();
  const logger = new Logger({
    serviceName: name,
    persistentKeys: { region: environment.ownRegion(), functionVersion: version },
  });
  const write = { INFO: logger.info, WARN: logger.warn, ERROR: logger.error };
  return (level, event, fields = {}) => write[level].call(logger, event, { ...fields });
}
