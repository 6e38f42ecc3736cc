import leven from 'leven';

/** The known word that `word` was probably meant to be: at most two slips away, and at most a third of its letters. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.floor(word.length / 3));
  let best: { readonly word: string; readonly slips: number } | undefined;
  for (const candidate of known) {
    // The difference of the lengths is the least distance: long words are not compared.
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const slips = slipsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (slips <= limit && slips < (best?.slips ?? Infinity)) best = { word: candidate, slips };
  }
  return best?.word;
}

/** Two letters that changed places are two changes for `leven`, and one slip. */
function slipsBetween(a: string, b: string): number {
  const changes = leven(a, b);
  return changes === 2 && lettersOf(a) === lettersOf(b) ? 1 : changes;
}

function lettersOf(word: string): string {
  return [...word].toSorted().join('');
}
