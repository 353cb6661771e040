export { expectationReference as reference } from "./expectation.ts";
export { expectationRecords as beside } from "./records.ts";
