/** The candidate that is at most a slip or two away from `word`, the first of equally near ones. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 24) return undefined;
  let best: string | undefined;
  let least = word.length <= 3 ? 2 : 3;
  for (const candidate of candidates) {
    const distance = slips(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= least || distance >= Math.max(word.length, candidate.length)) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

// Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).
function slips(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
