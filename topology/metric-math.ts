/** A metric math expression: the value of one period from the values of its metrics, undefined without data. */
export type MetricMath = (values: Readonly<Record<string, number | undefined>>) => number | undefined;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z][A-Za-z0-9_]*)|(>=|<=|==|[-+*/()<>,]))/y;

const BINARY: Readonly<Record<string, (one: number, other: number) => number>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
  ">": (one, other) => Number(one > other),
  "<": (one, other) => Number(one < other),
  ">=": (one, other) => Number(one >= other),
  "<=": (one, other) => Number(one <= other),
  "==": (one, other) => Number(one === other),
};

/** Operators by how tightly they bind, the loosest first. */
const LEVELS = [
  [">", "<", ">=", "<=", "=="],
  ["+", "-"],
  ["*", "/"],
];

/**
 * Parses what alarms use of metric math: numbers, metrics, arithmetic, comparisons, `IF` and `FILL` with a number.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @returns undefined for any other expression
 */
export function parseMetricMath(expression: string): MetricMath | undefined {
  const tokens = tokensOf(expression);
  if (tokens === undefined) return undefined;
  const parser = new Parser(tokens);
  const parsed = parser.expression(0);
  return parser.isAtEnd ? parsed : undefined;
}

function tokensOf(expression: string): string[] | undefined {
  const text = expression.trim();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return tokens;
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get isAtEnd(): boolean {
    return this.position === this.tokens.length;
  }

  expression(level: number): MetricMath | undefined {
    const operators = LEVELS[level];
    if (operators === undefined) return this.operand();
    let left = this.expression(level + 1);
    while (left !== undefined && operators.includes(this.tokens[this.position] ?? "")) {
      const compute = BINARY[this.tokens[this.position++] ?? ""];
      const [one, other] = [left, this.expression(level + 1)];
      if (compute === undefined || other === undefined) return undefined;
      left = (values) => {
        const [a, b] = [one(values), other(values)];
        return a === undefined || b === undefined ? undefined : compute(a, b);
      };
    }
    return left;
  }

  private operand(): MetricMath | undefined {
    const token = this.tokens[this.position++];
    if (token === undefined) return undefined;
    if (/^\d/.test(token)) return () => Number(token);
    if (token === "(") return this.closed(this.expression(0));
    if (!/^[A-Za-z]/.test(token)) return undefined;
    return this.takes("(") ? this.call(token) : (values) => values[token];
  }

  private call(name: string): MetricMath | undefined {
    const parameters: MetricMath[] = [];
    do {
      const parameter = this.expression(0);
      if (parameter === undefined) return undefined;
      parameters.push(parameter);
    } while (this.takes(","));
    const [first, second, third] = parameters;
    if (!this.takes(")") || first === undefined || second === undefined) return undefined;
    if (name === "FILL" && parameters.length === 2) return (values) => first(values) ?? second(values);
    if (name !== "IF" || third === undefined || parameters.length !== 3) return undefined;
    return (values) => {
      const condition = first(values);
      return condition === undefined ? undefined : condition === 0 ? third(values) : second(values);
    };
  }

  private closed(inner: MetricMath | undefined): MetricMath | undefined {
    return this.takes(")") ? inner : undefined;
  }

  private takes(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }
}
