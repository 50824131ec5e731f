/** A variable that the function cannot start without is missing or malformed: a deployment mistake, not a caller's. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";

  constructor(variable: string, expected: string, got: string | undefined) {
    const came = got === undefined ? "nothing" : JSON.stringify(got);
    super(`environment: '${variable}' must be ${expected}, got ${came}; set it on the function`);
  }
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * Reads the variables that `Environment` names, and no others: asking for an undeclared one does not compile.
 * Entry points read everything while they load, so that a bad deployment fails at its first cold start with the
 * variable's name in the log, and not at the first request that happens to need it.
 */
export class EnvironmentReader<Environment> {
  constructor(private readonly source: Readonly<Record<string, string | undefined>>) {}

  text(name: keyof Environment & string): string {
    return this.required(name, "a non-empty text");
  }

  wholeNumber(name: keyof Environment & string, minimum: number, maximum: number): number {
    const expected = `a whole number from ${minimum} to ${maximum}`;
    const value = this.required(name, expected);
    const parsed = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(parsed >= minimum && parsed <= maximum)) throw new EnvironmentError(name, expected, value);
    return parsed;
  }

  httpUrl(name: keyof Environment & string): string {
    const expected = "an absolute http or https URL";
    const value = this.required(name, expected);
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw new EnvironmentError(name, expected, value);
    return value;
  }

  /** A comma separated list of regions, possibly empty, each one once. */
  private regions(name: keyof Environment & string): string[] {
    const expected = "a comma separated list of distinct regions, or empty";
    const value = this.source[name];
    if (value === undefined) throw new EnvironmentError(name, expected, value);
    const regions = value.trim() === "" ? [] : value.split(",").map((region) => region.trim());
    if (!regions.every((region) => REGION.test(region)) || new Set(regions).size !== regions.length) {
      throw new EnvironmentError(name, expected, value);
    }
    return regions;
  }

  /** The other regions; the function's own must not be among them. */
  peerRegions(name: keyof Environment & string): string[] {
    const regions = this.regions(name);
    if (regions.includes(this.ownRegion())) {
      throw new EnvironmentError(name, "regions other than the function's own", regions.join(","));
    }
    return regions;
  }

  /**
   * The region that this function runs in, as the Lambda runtime tells it.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
   */
  ownRegion(): string {
    const value = this.source["AWS_REGION"];
    if (value === undefined || !REGION.test(value)) throw new EnvironmentError("AWS_REGION", "a region", value);
    return value;
  }

  /** The function's own name and version, told likewise. */
  ownFunction(): { readonly name: string; readonly version: string } {
    return {
      name: this.required("AWS_LAMBDA_FUNCTION_NAME", "the function's name"),
      version: this.required("AWS_LAMBDA_FUNCTION_VERSION", "the function's version"),
    };
  }

  private required(name: string, expected: string): string {
    const value = this.source[name];
    if (value === undefined || value.trim() === "") throw new EnvironmentError(name, expected, value);
    return value;
  }
}
