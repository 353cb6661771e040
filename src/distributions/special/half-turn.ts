/** Sine and cosine of half the difference of two angles, of any size: what the difference loses to rounding is added to the angle. */
export function halfTurn(a: number, b: number): { readonly sine: number; readonly cosine: number } {
  const difference = a - b;
  // D. Knuth's exact rounding error of a sum.
  const back = difference - a;
  const lost = (a - (difference - back) - (b + back)) / 2;
  const [sine, cosine] = [Math.sin(difference / 2), Math.cos(difference / 2)];
  return {
    sine: sine * Math.cos(lost) + cosine * Math.sin(lost),
    cosine: cosine * Math.cos(lost) - sine * Math.sin(lost),
  };
}
