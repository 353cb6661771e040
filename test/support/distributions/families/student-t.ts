import { studentT } from "../../../../src/index.ts";
import { notLocation, notPositive, ofNumbers } from "../description.ts";

export default ofNumbers({
  name: "studentT",
  draw: (r) => studentT(r.size(), r.location(), r.size()),
  sampled: [studentT(3, 1, 2), studentT(0.5)],
  examples: [studentT(0.8, 1, 2), studentT(30), studentT(1e9)],
  inverts: false,
  far: [[studentT(3).logSurvival(1e300), -2072.2288602555964]],
  modes: [],
  refusals: [
    [() => studentT(0), notPositive("studentT", "degrees", "0")],
    [() => studentT(3, Number.POSITIVE_INFINITY), notLocation("studentT", "location", "Infinity")],
  ],
});
