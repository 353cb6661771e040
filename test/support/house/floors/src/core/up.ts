export type { Formula } from "../expression/formula.ts";
