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
import type { Elementary } from "./elementary.ts";

/** Each function's files, in the order in which they are put together. */
const FILES: Readonly<Record<Elementary, readonly string[]>> = {
  sqrt: [common, sqrt],
  exp: [common, expCore, exp],
  expm1: [common, expm1],
  log: [common, logCore, log],
  log1p: [common, logCore, log1p],
  sin: [common, angleCore, sin],
  cos: [common, angleCore, cos],
  sinTurns: [common, turnsCore, sinTurns],
  cosTurns: [common, turnsCore, cosTurns],
  tanh: [common, expCore, tanh],
  pow: [common, expCore, pow],
  erf: [common, expCore, erfCore, erf],
  erfc: [common, expCore, erfCore, erfc],
  normalQuantile: [common, logCore, log, normalQuantile],
  atan: [common, atan],
  lgamma: [common, logCore, lgamma],
  digamma: [common, logCore, digamma],
  trigamma: [common, trigamma],
};

/** The WGSL of these functions and what they call, each file once; shaders/lib/math.wgsl goes in front of it. */
export function elementaryWgsl(names: Iterable<Elementary>): string {
  return [...new Set([...names].flatMap((name) => FILES[name]))].join("");
}
