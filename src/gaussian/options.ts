import { InputError } from "../core/errors.ts";
import { checkNamesOf } from "../core/options.ts";
import { elements, type Operand, showShape } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { sameShape } from "../engine/tensor-checks.ts";
import type { MatrixLike } from "../linear-algebra/cholesky.ts";

/** One value for all coordinates (a number), one a coordinate (`[d]`), or one a coordinate of each row (x's shape). */
export type GaussianVector = Tensor | ArrayLike<number> | number;

/** One matrix `[d, d]`, or one a row `[..., d, d]`: a tensor, rows of numbers, or all numbers row by row. */
export type GaussianMatrix = Tensor | MatrixLike | ArrayLike<MatrixLike>;

/** The mean, and one of the others. */
export interface GaussianParameters {
  readonly mean: GaussianVector;
  /** Standard deviations of coordinates that are independent. */
  readonly std?: GaussianVector | undefined;
  /** Their variances. */
  readonly variance?: GaussianVector | undefined;
  readonly covariance?: GaussianMatrix | undefined;
  /** Lower triangular, scaleTril scaleTrilᵀ = covariance; what is above its diagonal must be 0 and is not read. */
  readonly scaleTril?: GaussianMatrix | undefined;
}

type SpreadName = "std" | "variance" | "covariance" | "scaleTril";

/** A parameter after its shape was checked: values that the host has, or where in a GPU buffer they are. */
export interface Parameter {
  readonly perRow: boolean;
  readonly values?: Float64Array;
  readonly operand?: Operand;
}

/** A call's parameters after their shapes were checked: rows, dimension, and where each parameter's values are. */
export interface ReadGaussian {
  readonly where: string;
  readonly x: Operand;
  readonly rows: number;
  readonly dimension: number;
  readonly mean: Parameter;
  readonly name: SpreadName;
  readonly spread: Parameter;
}

/** Rows that are longer are refused: some drivers stop an invocation silently after 65,535 loop trips. */
const LONGEST = 32_768;

/** Matrices that are larger fit no workgroup's memory. */
const LARGEST_MATRIX = 64;

const NAMES = ["std", "variance", "covariance", "scaleTril"] as const;

/** Checks x and the shapes of its parameters; their values are checked where they are prepared. */
export function readGaussian(x: Operand, parameters: GaussianParameters, where: string): ReadGaussian {
  const dimension = x.shape.at(-1) ?? 0;
  if (x.dtype !== "f32" || dimension < 1) {
    throw new InputError(`${where}: x must be f32 [..., d] with d >= 1, got ${showShape(x)}`);
  }
  if (dimension > LONGEST) {
    throw new InputError(`${where}: x must have at most ${LONGEST} coordinates a row, got ${showShape(x)}`);
  }
  checkNamesOf(parameters, ["mean", ...NAMES], where);
  const named = NAMES.filter((name) => parameters[name] !== undefined);
  const [name] = named;
  if (!name || named.length > 1) {
    throw new InputError(
      `${where}: needed exactly one of std, variance, covariance and scaleTril, got ${named.join(" and ") || "none"}`,
    );
  }
  if (parameters.mean === undefined) throw new InputError(`${where}: needed a mean, got none`);
  const square = name === "covariance" || name === "scaleTril";
  if (square && dimension > LARGEST_MATRIX) {
    throw new InputError(`${where}: ${name} needs x of at most ${LARGEST_MATRIX} coordinates, got ${showShape(x)}`);
  }
  const given = parameters[name] as GaussianVector | GaussianMatrix;
  return {
    where,
    x,
    rows: elements(x.shape.slice(0, -1)),
    dimension,
    mean: readParameter(parameters.mean, x.shape, [dimension], "mean", where),
    name,
    spread: readParameter(given, x.shape, square ? [dimension, dimension] : [dimension], name, where),
  };
}

function readParameter(
  given: GaussianVector | GaussianMatrix,
  xShape: readonly number[],
  one: readonly number[],
  name: string,
  where: string,
): Parameter {
  const each = [...xShape.slice(0, -1), ...one];
  const problem = (got: string) =>
    new InputError(`${where}: ${name} must be [${one.join(", ")}] or [${each.join(", ")}] (one a row), got ${got}`);
  if (given instanceof Tensor || isOperand(given)) {
    if (given.dtype !== "f32") throw problem(showShape(given));
    if (sameShape(given.shape, one)) return { perRow: false, operand: given };
    if (sameShape(given.shape, each)) return { perRow: true, operand: given };
    throw problem(showShape(given));
  }
  if (typeof given === "number" && one.length === 1) {
    return { perRow: false, values: new Float64Array(elements(one)).fill(given) };
  }
  if (typeof given !== "object" || given === null) throw problem(typeof given);
  const values = flatten(given as ArrayLike<unknown>, Math.max(elements(one), elements(each)));
  if (!values) throw problem("something else than numbers");
  if (values.length === elements(one)) return { perRow: false, values };
  if (values.length === elements(each)) return { perRow: true, values };
  throw problem(`${values.length} numbers`);
}

/** Plans may be made from operands alone. */
function isOperand(given: unknown): given is Operand {
  return typeof given === "object" && given !== null && "dtype" in given && "byteOffset" in given;
}

/** All numbers of a nested list, row by row, as many as `most` and one more; undefined where there is anything else. */
function flatten(given: ArrayLike<unknown>, most: number): Float64Array | undefined {
  if (ArrayBuffer.isView(given)) {
    return given instanceof BigInt64Array || given instanceof BigUint64Array || given instanceof DataView
      ? undefined
      : Float64Array.from(given as unknown as ArrayLike<number>);
  }
  const found: number[] = [];
  const walk = (list: ArrayLike<unknown>, depth: number): boolean => {
    if (!Number.isSafeInteger(list.length)) return false;
    for (let k = 0; k < list.length && found.length <= most; k++) {
      const item = list[k];
      if (typeof item === "number") found.push(item);
      else if (typeof item !== "object" || item === null || depth === 0) return false;
      else if (!walk(item as ArrayLike<unknown>, depth - 1)) return false;
    }
    return true;
  };
  return walk(given, 3) ? Float64Array.from(found) : undefined;
}

/** The tensors among x and its parameters, by the plan's names. */
export function tensorsOf(x: Tensor, parameters: GaussianParameters, name: SpreadName): Record<string, Tensor> {
  const { mean } = parameters;
  const spread = parameters[name];
  return {
    x,
    ...(mean instanceof Tensor ? { mean } : {}),
    ...(spread instanceof Tensor ? { spread } : {}),
  };
}
