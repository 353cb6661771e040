/** What to run, as an address or a command line says it. */
export interface Options {
  /** Only cases whose id contains one of these; all but the checks, if there are none. */
  readonly cases: readonly string[];
  /** Few rounds, and small sizes of the scaling. */
  readonly quick: boolean;
  /** Ten billion samples too. */
  readonly full: boolean;
  /** Only contestants whose name contains one of these. */
  readonly who: readonly string[];
}

export function optionsOf(query: URLSearchParams): Options {
  const list = (name: string) => (query.get(name) ?? "").split(",").filter(Boolean);
  return { cases: list("case"), quick: query.has("quick"), full: query.has("full"), who: list("who") };
}
