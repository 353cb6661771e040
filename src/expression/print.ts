import { InputError } from "../core/errors.ts";
import { type Link, LONGEST_LEFT_TO_RIGHT } from "./chains.ts";
import type { Expr, Operation } from "./expr.ts";
import { MAX_LENGTH } from "./limits.ts";

/** Longest text that an expression is printed as; shared parts are written out at each use. */
const MAX_PRINTED = 1 << 16;

// How tightly a text holds together: the levels of parse.ts, from loosest to tightest.
const CHOICE = 0;
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const SUM = 5;
const PRODUCT = 6;
const SIGNED = 7;
const POWER = 8;
const VALUE = 9;

interface Printed {
  readonly text: string;
  readonly level: number;
}

/**
 * A formula that parses to this very expression, with no more parentheses than that takes; x[0] is written x where `dimension` is 0.
 * Throws InputError where the text would be longer than 65,536 characters.
 */
export function printFormula(expr: Expr, dimension = 0): string {
  const printed = new Map<Expr, Printed>();
  const at = (node: Expr, least: number): string => {
    const made = printed.get(node) ?? print(node, dimension, at);
    printed.set(node, made);
    if (made.text.length > MAX_PRINTED) {
      throw new InputError(`printFormula: needed an expression of at most ${MAX_PRINTED} characters, got a longer one`);
    }
    return made.level >= least ? made.text : `(${made.text})`;
  };
  return at(expr, CHOICE);
}

/** The text of a part, in parentheses where its level is below `least`. */
type PrintPart = (node: Expr, least: number) => string;

function print(node: Expr, dimension: number, part: PrintPart): Printed {
  if (node.kind === "number") return printNumber(node.value);
  if (node.kind === "parameter") return { text: node.name, level: VALUE };
  if (node.kind === "variable") {
    return { text: dimension === 0 && node.index === 0 ? "x" : `x[${node.index}]`, level: VALUE };
  }
  const { operation, args } = node;
  if (operation === "add" || operation === "sub") return { text: chain(node, SUMS, part), level: SUM };
  if (operation === "mul" || operation === "div") return { text: chain(node, PRODUCTS, part), level: PRODUCT };
  const [a = node, b = node, c = node] = args;
  const sign = COMPARISONS.get(operation);
  if (sign) return { text: `${part(a, SUM)} ${sign} ${part(b, SUM)}`, level: COMPARISON };
  switch (operation) {
    case "neg":
      // -2 would be a number.
      return {
        text: a.kind === "number" && !/^-/.test(part(a, CHOICE)) ? `-(${part(a, CHOICE)})` : `-${part(a, SIGNED)}`,
        level: SIGNED,
      };
    case "pow":
      return { text: `${part(a, VALUE)}^${part(b, SIGNED)}`, level: POWER };
    case "and":
      return { text: `${part(a, AND)} and ${part(b, NOT)}`, level: AND };
    case "or":
      return { text: `${part(a, OR)} or ${part(b, AND)}`, level: OR };
    case "not":
      return { text: `not ${part(a, NOT)}`, level: NOT };
    case "select":
      return { text: `${part(a, OR)} ? ${part(b, CHOICE)} : ${part(c, CHOICE)}`, level: CHOICE };
    default:
      return { text: `${operation}(${args.map((arg) => part(arg, CHOICE)).join(", ")})`, level: VALUE };
  }
}

function printNumber(value: number): Printed {
  if (value === Math.PI) return { text: "pi", level: VALUE };
  if (value === Math.E) return { text: "e", level: VALUE };
  const negative = value < 0 || Object.is(value, -0);
  return { text: `${negative ? "-" : ""}${Math.abs(value)}`, level: negative ? SIGNED : VALUE };
}

const COMPARISONS: ReadonlyMap<Operation, string> = new Map<Operation, string>([
  ["lt", "<"],
  ["le", "<="],
  ["gt", ">"],
  ["ge", ">="],
  ["eq", "=="],
  ["ne", "!="],
]);

interface Chain {
  readonly join: Operation;
  readonly inverse: Operation;
  readonly signs: readonly [join: string, inverse: string];
  /** The level of a member. */
  readonly member: number;
  /** Whether long chains with the inverse are halved too. */
  readonly halvesInverse: boolean;
  readonly lengths: WeakMap<Expr, readonly number[]>;
}

const SUMS: Chain = {
  join: "add",
  inverse: "sub",
  signs: ["+", "-"],
  member: PRODUCT,
  halvesInverse: true,
  lengths: new WeakMap(),
};

const PRODUCTS: Chain = {
  join: "mul",
  inverse: "div",
  signs: ["*", "/"],
  member: SIGNED,
  halvesInverse: false,
  lengths: new WeakMap(),
};

function chain(node: Expr, kind: Chain, part: PrintPart): string {
  return (inHalves(node, kind) ?? leftToRight(node, kind))
    .map((link, k) => {
      const text = part(link.expr, kind.member);
      return k === 0 ? text : ` ${kind.signs[link.inverse ? 1 : 0]} ${text}`;
    })
    .join("");
}

// The members of a long chain, if this is a tree into which the parser joins one: the longest such chain.
function inHalves(node: Expr, kind: Chain): readonly Link[] | undefined {
  const length = Math.max(...lengths(node, kind));
  if (length <= LONGEST_LEFT_TO_RIGHT) return undefined;
  const links: Link[] = [];
  const collect = (expr: Expr, count: number, inverse: boolean): void => {
    const [a, b] = membersOf(expr, kind);
    if (count === 1 || !a || !b) {
      links.push({ inverse, expr });
      return;
    }
    collect(a, Math.ceil(count / 2), inverse);
    collect(b, Math.floor(count / 2), inverse !== (operationOf(expr) === kind.inverse));
  };
  collect(node, length, false);
  return links;
}

// The numbers of members that halving could have started from to arrive at this tree.
function lengths(node: Expr, kind: Chain): readonly number[] {
  const known = kind.lengths.get(node);
  if (known) return known;
  const [a, b] = membersOf(node, kind);
  const found = [1];
  if (a && b && (kind.halvesInverse || operationOf(node) === kind.join)) {
    const lefts = lengths(a, kind);
    const rights = lengths(b, kind);
    for (const left of lefts) {
      for (const right of rights) {
        if ((left === right || left === right + 1) && left + right <= MAX_LENGTH) found.push(left + right);
      }
    }
  }
  kind.lengths.set(node, found);
  return found;
}

// Members of the chain down the left, at most as many as the parser joins from left to right; the first may be a chain itself.
function leftToRight(node: Expr, kind: Chain): readonly Link[] {
  const links: Link[] = [];
  let left = node;
  while (links.length < LONGEST_LEFT_TO_RIGHT - 1) {
    const [a, b] = membersOf(left, kind);
    if (!a || !b || (left !== node && inHalves(left, kind))) break;
    links.unshift({ inverse: operationOf(left) === kind.inverse, expr: b });
    left = a;
  }
  return [{ inverse: false, expr: left }, ...links];
}

function operationOf(expr: Expr): Operation | undefined {
  return expr.kind === "call" ? expr.operation : undefined;
}

function membersOf(expr: Expr, kind: Chain): readonly Expr[] {
  const operation = operationOf(expr);
  return expr.kind === "call" && (operation === kind.join || operation === kind.inverse) ? expr.args : [];
}
