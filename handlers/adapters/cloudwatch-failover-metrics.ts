import { type CloudWatchClient, GetMetricStatisticsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { FailoverMetrics, SwitchPoint, SwitchPoints } from "../ports";

export interface FailoverMetricNames {
  readonly namespace: string;
  readonly primaryRegion: string;
  /** The stand-down switch. */
  readonly switchMetricName: string;
  readonly probeMetricName: string;
}

/**
 * Values of the switch. Its alarm compares a minute's maximum with 1, so 1 and 1.5 stand the primary down. A half marks a point that repeats
 * the state and decides nothing: a release must tell it from somebody's stand-down.
 */
const [STOOD_DOWN, STILL_STOOD_DOWN, STILL_IN_SERVICE] = [1, 1.5, 0.5];

const PERIOD_SECONDS = 60;

/** CloudWatch returns 1,440 data points at most: a day of minutes. */
const LOOK_BACK_SECONDS = 1_439 * PERIOD_SECONDS;

const pointOf = (value: number, atMs: number): SwitchPoint => ({ isStoodDown: value >= STOOD_DOWN, atMs });

/** The decision in a minute that has one: the larger, and beside a larger repeat the other one. */
const decidedIn = ({ least, most }: { least: number; most: number }) => (Number.isInteger(most) ? most : least);

/**
 * Puts data points straight into the region's CloudWatch: the switch must not wait for log lines to be turned into metrics.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export class CloudWatchFailoverMetrics implements FailoverMetrics {
  constructor(
    private readonly client: CloudWatchClient,
    private readonly names: FailoverMetricNames,
  ) {}

  standPrimaryDown(): Promise<void> {
    return this.#put(this.names.switchMetricName, STOOD_DOWN);
  }

  repeatSwitch(isStoodDown: boolean): Promise<void> {
    return this.#put(this.names.switchMetricName, isStoodDown ? STILL_STOOD_DOWN : STILL_IN_SERVICE);
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
  async switchPoints(): Promise<SwitchPoints> {
    const endMs = Date.now() + PERIOD_SECONDS * 1_000; // The end is excluded, and the present minute is wanted.
    const { Datapoints = [] } = await this.client.send(
      new GetMetricStatisticsCommand({
        Namespace: this.names.namespace,
        MetricName: this.names.switchMetricName,
        Dimensions: this.#dimensions(),
        StartTime: new Date(endMs - LOOK_BACK_SECONDS * 1_000),
        EndTime: new Date(endMs),
        Period: PERIOD_SECONDS,
        Statistics: ["Minimum", "Maximum"],
      }),
    );
    const minutes = Datapoints.flatMap(({ Minimum: least, Maximum: most, Timestamp }) =>
      least === undefined || most === undefined || Timestamp === undefined
        ? []
        : [{ least, most, atMs: Timestamp.getTime() }],
    ).sort((one, other) => other.atMs - one.atMs); // They come in any order.
    const [newest] = minutes;
    const decision = minutes.find(({ least, most }) => Number.isInteger(least) || Number.isInteger(most));
    const repeat = minutes.find(({ most }) => !Number.isInteger(most));
    return {
      newest: newest && pointOf(newest.most, newest.atMs),
      decision: decision && pointOf(decidedIn(decision), decision.atMs),
      repeat: repeat && pointOf(repeat.most, repeat.atMs),
    };
  }

  reportProbeFailures(inARow: number): Promise<void> {
    return this.#put(this.names.probeMetricName, inARow);
  }

  #dimensions() {
    return [{ Name: "PrimaryRegion", Value: this.names.primaryRegion }];
  }

  async #put(metricName: string, value: number): Promise<void> {
    const { namespace } = this.names;
    await this.client.send(
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: [
          {
            MetricName: metricName,
            Dimensions: this.#dimensions(),
            Value: value,
            Unit: "Count",
          },
        ],
      }),
    );
  }
}
