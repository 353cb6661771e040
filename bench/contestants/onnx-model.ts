/** A field of a protobuf message: its number, and a varint, a text, an encoded message or an f32. */
type Field = readonly [number: number, value: number | string | Uint8Array | { readonly f32: number }];

/** Types of tensors, by ONNX's numbers. */
const types = { f32: 1, i32: 6, i64: 7 } as const;

export interface Port {
  readonly type: keyof typeof types;
  readonly shape: readonly number[];
}

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers and lists of them; `{ f32 }` is a float. */
  readonly attributes?: Readonly<Record<string, number | readonly number[] | { readonly f32: number }>>;
}

export interface Model {
  readonly inputs: Readonly<Record<string, Port>>;
  readonly outputs: Readonly<Record<string, Port>>;
  readonly nodes: readonly Node[];
  /** Tensors that the model brings along: f32 scalars, and lists of axes. */
  readonly constants?: Readonly<Record<string, number | readonly number[]>>;
}

/** The bytes of an ONNX model of operator set 13. */
export function encodeModel({ inputs, outputs, nodes, constants = {} }: Model): Uint8Array {
  // The runtime warns of constants that no node uses.
  const used = Object.entries(constants).filter(([name]) => nodes.some(({ inputs }) => inputs.includes(name)));
  const graph = message(
    ...nodes.map((node): Field => [1, encodeNode(node)]),
    [2, "graph"],
    ...used.map(([name, value]): Field => [5, encodeConstant(name, value)]),
    ...Object.entries(inputs).map(([name, port]): Field => [11, encodePort(name, port)]),
    ...Object.entries(outputs).map(([name, port]): Field => [12, encodePort(name, port)]),
  );
  return message([1, 8], [7, graph], [8, message([2, 13])]);
}

function encodeNode({ operator, inputs, output, attributes = {} }: Node): Uint8Array {
  return message(
    ...inputs.map((name): Field => [1, name]),
    [2, output],
    [4, operator],
    ...Object.entries(attributes).map(([name, value]): Field => [5, encodeAttribute(name, value)]),
  );
}

function encodeAttribute(name: string, value: number | readonly number[] | { readonly f32: number }): Uint8Array {
  if (typeof value === "number") return message([1, name], [3, value], [20, 2]);
  if ("f32" in value) return message([1, name], [2, value], [20, 1]);
  return message([1, name], ...value.map((entry): Field => [8, entry]), [20, 7]);
}

/** A number is an f32 scalar, a list the i64 axes of a reduction. */
function encodeConstant(name: string, value: number | readonly number[]): Uint8Array {
  if (typeof value === "number") {
    return message([2, types.f32], [8, name], [9, new Uint8Array(new Float32Array([value]).buffer)]);
  }
  const words = new BigInt64Array(value.map(BigInt));
  return message([1, value.length], [2, types.i64], [8, name], [9, new Uint8Array(words.buffer)]);
}

function encodePort(name: string, { type, shape }: Port): Uint8Array {
  const dimensions = message(...shape.map((size): Field => [1, message([1, size])]));
  return message([1, name], [2, message([1, message([1, types[type]], [2, dimensions])])]);
}

function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [...varint(number << 3), ...varint(value)];
    if (typeof value === "object" && "f32" in value) {
      return [...varint((number << 3) | 5), ...new Uint8Array(new Float32Array([value.f32]).buffer)];
    }
    const body = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [...varint((number << 3) | 2), ...varint(body.length), ...body];
  });
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
