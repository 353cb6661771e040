import type { GaussianProblem, RowProblem, SampleProblem } from "../cases/problem.ts";
import type { Model, Node, Port } from "./onnx-model.ts";

/** A model, and what to know about it. */
export interface Way {
  readonly note: string;
  readonly model: Model;
}

/** Data of a problem that its models take besides x. */
export const rowPorts = ({ rows, classes }: RowProblem): Readonly<Record<"x" | "ids" | "hot", Port>> => ({
  x: { type: "f32", shape: [rows, classes] },
  ids: { type: "i32", shape: [rows, 1] },
  hot: { type: "f32", shape: [rows, classes] },
});

const axis = { axis: 1 };
const overRows = { axes: [1], keepdims: 0 };
const picked: readonly Node[] = [
  { operator: "ReduceLogSumExp", inputs: ["x"], output: "lse", attributes: { axes: [1], keepdims: 1 } },
  { operator: "GatherElements", inputs: ["x", "ids"], output: "picked", attributes: axis },
  { operator: "Sub", inputs: ["lse", "picked"], output: "losses" },
  { operator: "ReduceMean", inputs: ["losses"], output: "y", attributes: { axes: [0, 1], keepdims: 0 } },
];

/** The models of a function of rows; "y" is what comes out, and of a gradient "g" too. */
export function rowWays(problem: RowProblem, name: string): readonly Way[] {
  const { rows } = problem;
  const ports = rowPorts(problem);
  const { x, ids, hot } = ports;
  const perRow: Port = { type: "f32", shape: [rows] };
  const scalar: Port = { type: "f32", shape: [] };
  const way = (inputs: Model["inputs"], outputs: Model["outputs"], nodes: readonly Node[], note = ""): Way => ({
    note,
    model: { inputs, outputs, nodes, constants: { share: 1 / rows, last: [1] } },
  });
  const ways: Readonly<Record<string, () => readonly Way[]>> = {
    softmax: () => [way({ x }, { y: x }, [{ operator: "Softmax", inputs: ["x"], output: "y", attributes: axis }])],
    logSoftmax: () => [
      way({ x }, { y: x }, [{ operator: "LogSoftmax", inputs: ["x"], output: "y", attributes: axis }]),
    ],
    logSumExp: () => [
      way({ x }, { y: perRow }, [{ operator: "ReduceLogSumExp", inputs: ["x"], output: "y", attributes: overRows }]),
    ],
    crossEntropy: () => [way({ x, ids }, { y: scalar }, picked, "ReduceLogSumExp − GatherElements")],
    crossEntropyWithGradient: () => [
      way(
        { x, ids, hot },
        { y: scalar, g: x },
        [
          ...picked,
          { operator: "Softmax", inputs: ["x"], output: "p", attributes: axis },
          { operator: "Sub", inputs: ["p", "hot"], output: "apart" },
          { operator: "Mul", inputs: ["apart", "share"], output: "g" },
        ],
        "Softmax − one-hot, and the loss",
      ),
    ],
    entropy: () => [
      way(
        { x },
        { y: perRow },
        [
          { operator: "LogSoftmax", inputs: ["x"], output: "l", attributes: axis },
          { operator: "Exp", inputs: ["l"], output: "p" },
          { operator: "Mul", inputs: ["p", "l"], output: "pl" },
          { operator: "ReduceSum", inputs: ["pl", "last"], output: "sum", attributes: { keepdims: 0 } },
          { operator: "Neg", inputs: ["sum"], output: "y" },
        ],
        "−Σ eˡ · l, l = LogSoftmax",
      ),
    ],
  };
  return ways[name]?.() ?? [];
}

/** With everything that only the parameters decide made ahead. */
export function gaussianWays({ rows, dimensions: d, std }: GaussianProblem): readonly Way[] {
  const level = -std.reduce((sum, value) => sum + Math.log(value), 0) - (d / 2) * Math.log(2 * Math.PI);
  const nodes: readonly Node[] = [
    { operator: "Sub", inputs: ["x", "mean"], output: "centred" },
    { operator: "Mul", inputs: ["centred", "rate"], output: "z" },
    { operator: "Mul", inputs: ["z", "z"], output: "squares" },
    { operator: "ReduceSum", inputs: ["squares", "last"], output: "sum", attributes: { keepdims: 0 } },
    { operator: "Mul", inputs: ["sum", "half"], output: "scaled" },
    { operator: "Add", inputs: ["scaled", "level"], output: "y" },
  ];
  const vector: Port = { type: "f32", shape: [d] };
  return [
    {
      note: "−½ Σ z² + c, z = (x − m) / s, composed",
      model: {
        inputs: { x: { type: "f32", shape: [rows, d] }, mean: vector, rate: vector },
        outputs: { y: { type: "f32", shape: [rows] } },
        nodes,
        constants: { half: -0.5, level, last: [1] },
      },
    },
  ];
}

/** Its normals are made by one thread of the CPU, and in memory. */
export function meanWay({ integrand, samples, dimensions }: SampleProblem): Way {
  const shape = dimensions === 1 ? [samples] : [samples, dimensions];
  const draw: Node = {
    operator: "RandomNormal",
    inputs: [],
    output: "x",
    attributes: { shape, mean: { f32: 0 }, scale: { f32: 1 }, dtype: 1 },
  };
  const functions: Readonly<Record<SampleProblem["integrand"], readonly Node[]>> = {
    "x²": [{ operator: "Mul", inputs: ["x", "x"], output: "f" }],
    "x > 2": [
      { operator: "Greater", inputs: ["x", "two"], output: "is" },
      { operator: "Cast", inputs: ["is"], output: "f", attributes: { to: 1 } },
    ],
    "exp(Σx/10)": [
      { operator: "ReduceSum", inputs: ["x", "last"], output: "sum", attributes: { keepdims: 0 } },
      { operator: "Mul", inputs: ["sum", "tenth"], output: "scaled" },
      { operator: "Exp", inputs: ["scaled"], output: "f" },
    ],
  };
  const mean: Node = { operator: "ReduceMean", inputs: ["f"], output: "y", attributes: { axes: [0], keepdims: 0 } };
  return {
    note: "RandomNormal, the mean alone",
    model: {
      inputs: {},
      outputs: { y: { type: "f32", shape: [] } },
      nodes: [draw, ...functions[integrand], mean],
      constants: { two: 2, tenth: 0.1, last: [1] },
    },
  };
}
