/** The known word that `word` was probably meant to be: at most two slips away, and at most a third of its letters. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.floor(word.length / 3));
  let best: { readonly word: string; readonly slips: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const slips = distance(word.toLowerCase(), candidate.toLowerCase());
    if (slips <= limit && slips < (best?.slips ?? Infinity)) best = { word: candidate, slips };
  }
  return best?.word;
}

/** Letters to put in, take out, change, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const costs = [
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (swapped) costs.push((before[column - 2] ?? 0) + 1);
      current.push(Math.min(...costs));
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
