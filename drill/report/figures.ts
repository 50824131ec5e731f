/** Narrow no-break space between a number and its unit, and between thousands. A terminal shows a plain space. */
export const THIN_SPACE = "\u202f";

/** `1 200`; a word when there is no such number. */
export function count(value: number): string {
  return fixed(value, 0);
}

/** `52.3 s`; `absent` when there is no measurement. */
export function seconds(ms: number | undefined, absent = "not measured"): string {
  if (ms === undefined || !Number.isFinite(ms)) return absent;
  return `${fixed(ms / 1000, 1)}${THIN_SPACE}s`;
}

/** `210 s`, without decimals unless it has some. */
export function roundSeconds(ms: number): string {
  return Number.isInteger(ms / 1000) ? `${count(ms / 1000)}${THIN_SPACE}s` : seconds(ms);
}

/** `99.6 %`; rounded so that only all is 100 % and only none is 0 %. */
export function share(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return "none";
  const percent = Math.round((part / whole) * 1000) / 10;
  if (part < whole && percent >= 100) return `> 99.9${THIN_SPACE}%`;
  if (part > 0 && percent <= 0) return `< 0.1${THIN_SPACE}%`;
  return `${fixed(percent, Number.isInteger(percent) ? 0 : 1)}${THIN_SPACE}%`;
}

/** `1 write`, `12 writes`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** Sets numbers in foreign text as ours are set: `1 200 writes in 52.3 s` with narrow spaces where no line may break. */
export function typeset(text: string): string {
  return text
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, THIN_SPACE)
    .replace(/(?<=\d) (?=(?:ms|s|min|h|kB|MB|%)(?![\p{L}\d]))/gu, THIN_SPACE)
    .replace(/(?<=[≤≥<>=]) (?=\d)/g, THIN_SPACE);
}

function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "not measured";
  const [whole = "", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, THIN_SPACE);
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? "-" : "";
  return sign + (fraction === undefined ? grouped : `${grouped}.${fraction}`);
}
