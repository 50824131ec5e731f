import type { Facts } from "../facts/facts";

/** Where everything stands, in a sentence or two. */
export function headline(facts: Facts): string {
  return `${whoAnswers(facts)}; ${primaryStands(facts)}.${surprise(facts)}`;
}

function whoAnswers({ live, apiDomainName }: Facts): string {
  if (!live.isKnown) return `${apiDomainName} gives no answer (${live.short})`;
  const { status, region } = live.value;
  if (status !== 200) return `${apiDomainName} answers with status ${status}`;
  return region === undefined
    ? `${apiDomainName} answers without naming its region`
    : `${apiDomainName} is answered by ${region}`;
}

function primaryStands({ endpointVerdict, switch: { verdict } }: Facts): string {
  if (verdict.isKnown && verdict.value === "stood down") {
    const isAilingToo = endpointVerdict.isKnown && endpointVerdict.value === "unhealthy";
    return `the primary is stood down${isAilingToo ? ", and its health check is unhealthy" : ""}`;
  }
  if (endpointVerdict.isKnown && endpointVerdict.value === "unhealthy")
    return "the primary's health check is unhealthy";
  if (!verdict.isKnown) return `whether the primary is stood down is not known (${verdict.short})`;
  if (!endpointVerdict.isKnown)
    return `the primary is not stood down; its health is not known (${endpointVerdict.short})`;
  return "the primary is in service";
}

/** What does not fit together, which happens while a change is under way. */
function surprise({ live, primary, secondary, endpointVerdict, switch: { verdict, alarm } }: Facts): string {
  const sentences: string[] = [];
  const shouldBeAway =
    (verdict.isKnown && verdict.value === "stood down") ||
    (endpointVerdict.isKnown && endpointVerdict.value === "unhealthy");
  const shouldBeHome =
    verdict.isKnown && verdict.value === "in service" && endpointVerdict.isKnown && endpointVerdict.value === "healthy";
  const answering = live.isKnown && live.value.status === 200 ? live.value.region : undefined;
  if ((shouldBeAway && answering === primary.name) || (shouldBeHome && answering === secondary.name)) {
    sentences.push("A change is under way, or this machine's resolver still holds the old answer.");
  }
  if (alarm.isKnown && alarm.value !== undefined && verdict.isKnown) {
    const isRinging = alarm.value.state === "ALARM";
    if (isRinging !== (verdict.value === "stood down")) {
      sentences.push(`The switch's alarm is ${alarm.value.state}, and Route 53 does not follow it yet.`);
    }
  }
  return sentences.map((sentence) => ` ${sentence}`).join("");
}
