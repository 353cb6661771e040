import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { elements, isHalf, type Operand, showShape } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { sameShape } from "../engine/tensor-checks.ts";

/**
 * Class ids (an i32 or u32 tensor, a list of whole numbers or an integer array; one a row), or
 * probabilities (an f32 tensor of the logits' shape, or a Float32Array of as many values).
 */
export type Targets = Tensor | readonly number[] | Int32Array | Uint32Array | Float32Array;

/** What a plan needs to know of targets; the data itself goes to the GPU. */
export interface TargetKind {
  readonly soft: boolean;
  /** Ids that only the kernel can check, because they are in a GPU buffer. */
  readonly unchecked: boolean;
  /** Of soft targets in a tensor. */
  readonly operand?: Operand | undefined;
}

export interface ReadTargets extends TargetKind {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly uploads: Readonly<Record<string, Int32Array | Float32Array>>;
}

/** Tells class ids from probabilities, and checks everything that the host can see; `name` is what the caller calls them. */
export function readTargets(
  targets: Targets,
  logits: Operand,
  ignoreIndex: number,
  where: string,
  name = "targets",
): ReadTargets {
  const classes = logits.shape.at(-1) ?? 0;
  const rowShape = logits.shape.slice(0, -1);
  const rows = elements(rowShape);
  if (targets instanceof Tensor) {
    if (isHalf(targets.dtype)) {
      throw new InputError(
        `${where}: ${name} must be class ids (i32 or u32) or probabilities in f32, got ${showShape(targets)}`,
      );
    }
    const soft = targets.dtype === "f32";
    const wanted = soft ? logits.shape : rowShape;
    if (!sameShape(targets.shape, wanted)) {
      const needed = soft ? `f32 [${wanted.join(", ")}] (probabilities)` : `[${wanted.join(", ")}] (one id a row)`;
      throw new InputError(`${where}: ${name} must be ${needed}, got ${showShape(targets)}`);
    }
    return { soft, unchecked: !soft, operand: soft ? targets : undefined, inputs: { targets }, uploads: {} };
  }
  if (targets instanceof Float32Array) {
    if (targets.length !== rows * classes) {
      throw new InputError(
        `${where}: ${name} as probabilities need ${rows * classes} values ([${logits.shape.join(", ")}]), got ${targets.length}`,
      );
    }
    const operand: Operand = { shape: logits.shape, dtype: "f32", byteOffset: 0 };
    return { soft: true, unchecked: false, operand, inputs: {}, uploads: { targets } };
  }
  const ids = readIds(targets, rows, { classes, ignoreIndex, where, name });
  return { soft: false, unchecked: false, inputs: {}, uploads: { targets: ids } };
}

function readIds(
  targets: readonly number[] | Int32Array | Uint32Array,
  rows: number,
  { classes, ignoreIndex, where, name }: { classes: number; ignoreIndex: number; where: string; name: string },
): Int32Array {
  const listed = Array.isArray(targets) || targets instanceof Int32Array || targets instanceof Uint32Array;
  if (!listed) {
    throw new InputError(
      `${where}: ${name} must be a tensor, a list of class ids or an Int32Array, Uint32Array or Float32Array, got ${targets instanceof Promise ? shown(targets) : Object.prototype.toString.call(targets)}`,
    );
  }
  if (targets.length !== rows) {
    throw new InputError(`${where}: ${name} must be ${rows} class ids (one a row), got ${targets.length}`);
  }
  for (let row = 0; row < rows; row++) {
    const id = targets[row] as number;
    if (id === ignoreIndex || (Number.isInteger(id) && id >= 0 && id < classes)) continue;
    throw new InputError(
      `${where}: ${name}[${row}] must be a class id in [0, ${classes}) or ignoreIndex ${ignoreIndex}, got ${shown(id)}`,
    );
  }
  return Int32Array.from(targets);
}
