/** A field of a protobuf message: its number, and a varint, a text or an encoded message. */
type Field = readonly [number: number, value: number | string | Uint8Array];

/** ONNX's numbers for f32 tensors and for integer attributes. */
const FLOAT = 1;
const INTEGER = 2;

/** An ONNX model of one operator over the last axis of f32 [rows, classes]: "x" in, "y" out. */
export function rowModel(operator: "Softmax" | "LogSoftmax", rows: number, classes: number): Uint8Array {
  const axis = message([1, "axis"], [3, 1], [20, INTEGER]);
  const node = message([1, "x"], [2, "y"], [4, operator], [5, axis]);
  const shape = message([1, message([1, rows])], [1, message([1, classes])]);
  const type = message([1, message([1, FLOAT], [2, shape])]);
  const port = (name: string) => message([1, name], [2, type]);
  const graph = message([1, node], [2, operator], [11, port("x")], [12, port("y")]);
  return message([1, 8], [7, graph], [8, message([2, 13])]);
}

function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [...varint(number << 3), ...varint(value)];
    const body = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [...varint((number << 3) | 2), ...varint(body.length), ...body];
  });
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
