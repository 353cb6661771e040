/** JSON that keeps what is no finite number: "NaN", "Infinity" and "-Infinity" as strings, where JSON has null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one));
}

const unusual = new Map([NaN, Infinity, -Infinity].map((one) => [String(one), one]));

export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, one) => unusual.get(one) ?? one);
}
