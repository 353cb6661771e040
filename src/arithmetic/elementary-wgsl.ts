import angleCore from "../../shaders/lib/elementary/angle-core.wgsl?raw";
import atan from "../../shaders/lib/elementary/atan.wgsl?raw";
import common from "../../shaders/lib/elementary/common.wgsl?raw";
import cos from "../../shaders/lib/elementary/cos.wgsl?raw";
import cosTurns from "../../shaders/lib/elementary/cosTurns.wgsl?raw";
import digamma from "../../shaders/lib/elementary/digamma.wgsl?raw";
import erf from "../../shaders/lib/elementary/erf.wgsl?raw";
import erfCore from "../../shaders/lib/elementary/erf-core.wgsl?raw";
import erfc from "../../shaders/lib/elementary/erfc.wgsl?raw";
import exp from "../../shaders/lib/elementary/exp.wgsl?raw";
import expCore from "../../shaders/lib/elementary/exp-core.wgsl?raw";
import expm1 from "../../shaders/lib/elementary/expm1.wgsl?raw";
import lgamma from "../../shaders/lib/elementary/lgamma.wgsl?raw";
import log from "../../shaders/lib/elementary/log.wgsl?raw";
import logCore from "../../shaders/lib/elementary/log-core.wgsl?raw";
import log1p from "../../shaders/lib/elementary/log1p.wgsl?raw";
import normalQuantile from "../../shaders/lib/elementary/normalQuantile.wgsl?raw";
import pow from "../../shaders/lib/elementary/pow.wgsl?raw";
import sin from "../../shaders/lib/elementary/sin.wgsl?raw";
import sinTurns from "../../shaders/lib/elementary/sinTurns.wgsl?raw";
import sqrt from "../../shaders/lib/elementary/sqrt.wgsl?raw";
import tanh from "../../shaders/lib/elementary/tanh.wgsl?raw";
import trigamma from "../../shaders/lib/elementary/trigamma.wgsl?raw";
import turnsCore from "../../shaders/lib/elementary/turns-core.wgsl?raw";
import * as table from "./coefficients.ts";
import type { Elementary } from "./elementary.ts";
import { normalTail } from "./normal-tail-wgsl.ts";
import { wgslConstants } from "./wgsl-constants.ts";

/** A file behind the constants that it names. */
const withConstants = (numbers: Parameters<typeof wgslConstants>[0], code: string) => wgslConstants(numbers) + code;

const COMMON = withConstants({ F_EXP_LARGEST: table.EXP_LARGEST }, common);
const EXP_CORE = withConstants({ F_EXP: table.EXP }, expCore);
const LOG_CORE = withConstants({ F_LOG: table.LOG }, logCore);
const ANGLE_CORE = withConstants(
  { F_TWO_OVER_PI: 2 / Math.PI, F_HALF_PI: table.HALF_PI_PARTS, F_SIN: table.SIN, F_COS: table.COS },
  angleCore,
);
const TURNS_CORE = withConstants(
  { F_TURN: table.TURN, F_SIN_TURNS: table.SIN_TURNS, F_COS_TURNS: table.COS_TURNS },
  turnsCore,
);
const ERF_CORE = withConstants(
  { F_TWO_OVER_ROOT_PI: table.TWO_OVER_ROOT_PI, F_ERF: table.ERF, F_ERFC: table.ERFC },
  erfCore,
);

/** Each function's files, in the order in which they are put together. */
const FILES: Readonly<Record<Elementary, readonly string[]>> = {
  sqrt: [COMMON, sqrt],
  exp: [COMMON, EXP_CORE, exp],
  expm1: [COMMON, withConstants({ F_EXPM1: table.EXPM1 }, expm1)],
  log: [COMMON, LOG_CORE, log],
  log1p: [COMMON, LOG_CORE, log1p],
  sin: [COMMON, ANGLE_CORE, sin],
  cos: [COMMON, ANGLE_CORE, cos],
  sinTurns: [COMMON, TURNS_CORE, sinTurns],
  cosTurns: [COMMON, TURNS_CORE, cosTurns],
  tanh: [COMMON, EXP_CORE, withConstants({ F_TANH: table.TANH }, tanh)],
  pow: [
    COMMON,
    EXP_CORE,
    withConstants(
      {
        F_ATANH: table.ATANH,
        F_TWO_LOG2E: table.TWO_LOG2E,
        F_TWO_LOG2E_HIGH: table.TWO_LOG2E_HIGH,
        F_TWO_LOG2E_LOW: table.TWO_LOG2E_LOW,
        F_EXP2: table.EXP2,
      },
      pow,
    ),
  ],
  erf: [COMMON, EXP_CORE, ERF_CORE, erf],
  erfc: [COMMON, EXP_CORE, ERF_CORE, erfc],
  normalQuantile: [COMMON, LOG_CORE, log, normalTail, normalQuantile],
  atan: [
    COMMON,
    withConstants(
      {
        F_TAN_3_EIGHTHS: table.TAN_3_EIGHTHS,
        F_TAN_EIGHTH: table.TAN_EIGHTH,
        F_HALF_PI: Math.PI / 2,
        F_HALF_PI_LOW: table.HALF_PI_LOW,
        F_ATAN: table.ATAN,
      },
      atan,
    ),
  ],
  lgamma: [
    COMMON,
    LOG_CORE,
    withConstants(
      {
        F_LGAMMA: table.LGAMMA,
        F_EULER: table.EULER,
        F_ONE_LESS_EULER: table.ONE_LESS_EULER,
        F_STIRLING: table.STIRLING,
        F_STIRLING_END: table.HALF_LOG_TURN - 0.5,
      },
      lgamma,
    ),
  ],
  digamma: [
    COMMON,
    LOG_CORE,
    withConstants(
      {
        F_DIGAMMA: table.DIGAMMA,
        F_DIGAMMA_FAR: table.DIGAMMA_FAR,
        F_DIGAMMA_ROOT: table.DIGAMMA_ROOT,
        F_DIGAMMA_ROOT_LOW: table.DIGAMMA_ROOT_LOW,
      },
      digamma,
    ),
  ],
  trigamma: [COMMON, withConstants({ F_TRIGAMMA: table.TRIGAMMA }, trigamma)],
};

/**
 * The WGSL of these functions and what they call, each file once; shaders/lib/math.wgsl goes in front of it.
 * @param first - files that stand in front of the functions', which may be some that they call
 */
export function elementaryWgsl(names: Iterable<Elementary>, first: readonly string[] = []): string {
  return [...new Set([...first, ...[...names].flatMap((name) => FILES[name])])].join("");
}
