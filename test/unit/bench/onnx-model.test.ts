import { expect, test } from "vitest";
import { makeRows, rowFunctions } from "../../../bench/cases/rows.ts";
import { encodeModel } from "../../../bench/contestants/onnx-model.ts";
import { meanWay, rowWays } from "../../../bench/contestants/onnx-models.ts";

/** The fields of a protobuf message: a number's value, or the bytes of whatever has a length. */
function fieldsOf(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    let value: number | Uint8Array;
    if (wire === 0) value = varint();
    else {
      const length = wire === 5 ? 4 : varint();
      value = bytes.slice(at, at + length);
      at += length;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  expect(at).toBe(bytes.length);
  return fields;
}

const text = (value: number | Uint8Array | undefined) => new TextDecoder().decode(value as Uint8Array);

test("a model of one operator has the bytes that ONNX asks for", () => {
  const x = { type: "f32", shape: [2, 300] } as const;
  const node = { operator: "Softmax", inputs: ["x"], output: "y", attributes: { axis: 1 } };
  const model = fieldsOf(encodeModel({ inputs: { x }, outputs: { y: x }, nodes: [node] }));
  expect(model.get(1)).toEqual([8]);
  const graph = fieldsOf(model.get(7)?.[0] as Uint8Array);
  const encoded = fieldsOf(graph.get(1)?.[0] as Uint8Array);
  expect(text(encoded.get(4)?.[0])).toBe("Softmax");
  const attribute = fieldsOf(encoded.get(5)?.[0] as Uint8Array);
  expect([text(attribute.get(1)?.[0]), attribute.get(3), attribute.get(20)]).toEqual(["axis", [1], [2]]);
  const port = fieldsOf(graph.get(11)?.[0] as Uint8Array);
  const tensor = fieldsOf(fieldsOf(port.get(2)?.[0] as Uint8Array).get(1)?.[0] as Uint8Array);
  const sizes = fieldsOf(tensor.get(2)?.[0] as Uint8Array).get(1) as Uint8Array[];
  expect(sizes.map((size) => fieldsOf(size).get(1)?.[0])).toEqual([2, 300]);
  expect(fieldsOf(model.get(8)?.[0] as Uint8Array).get(2)).toEqual([13]);
});

test.each(rowFunctions)(
  "every input of %s's nodes is an input, a constant or made before, and constants are used",
  (name) => {
    for (const { model } of rowWays(makeRows(2, 3), name)) {
      const graph = fieldsOf(fieldsOf(encodeModel(model)).get(7)?.[0] as Uint8Array);
      const constants = (graph.get(5) ?? []).map((bytes) => text(fieldsOf(bytes as Uint8Array).get(8)?.[0]));
      const known = new Set([...Object.keys(model.inputs), ...constants]);
      const used = new Set<string>();
      for (const { inputs, output } of model.nodes) {
        for (const input of inputs) {
          expect(known).toContain(input);
          used.add(input);
        }
        known.add(output);
      }
      for (const constant of constants) expect(used).toContain(constant);
      for (const output of Object.keys(model.outputs)) expect(known).toContain(output);
    }
  },
);

test("floats and large numbers keep their bits", () => {
  const problem = { group: "monte-carlo", integrand: "x > 2", dimensions: 1, samples: 16_000_000 } as const;
  const { model } = meanWay({ ...problem, formula: "", truth: 0, deviation: 1 });
  const graph = fieldsOf(fieldsOf(encodeModel(model)).get(7)?.[0] as Uint8Array);
  const attributes = (fieldsOf(graph.get(1)?.[0] as Uint8Array).get(5) as Uint8Array[]).map(fieldsOf);
  const named = (name: string) => attributes.find((attribute) => text(attribute.get(1)?.[0]) === name);
  expect(named("shape")?.get(8)).toEqual([16_000_000]);
  const scale = named("scale")?.get(2)?.[0] as Uint8Array;
  expect(new Float32Array(scale.buffer)[0]).toBe(1);
  const constant = fieldsOf(graph.get(5)?.[0] as Uint8Array).get(9)?.[0] as Uint8Array;
  expect(new Float32Array(constant.buffer)[0]).toBe(2);
});
