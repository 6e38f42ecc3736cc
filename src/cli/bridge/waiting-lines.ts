/** Whoever gets verdicts at once needs no word about waiting. */
const FIRST_AT_S = 2;
const EVERY_S = 5;
/** More than this and the first ones stand for all. */
const NAMED_WHOLE = 3;
const NAMED_OF_MORE = 2;

/** To be told once a second what is waited for; says so after a moment, and again every few seconds. */
export function createWaitingLines(say: (line: string) => void): (models: readonly string[]) => void {
  let seconds = 0;
  return (models) => {
    seconds += 1;
    if (models.length > 0 && seconds % EVERY_S === FIRST_AT_S) say(`Waiting for verdicts: ${inShort(models)}`);
  };
}

/** Two targets may share a name. */
function inShort(models: readonly string[]): string {
  const names = [...new Set(models)];
  if (names.length <= NAMED_WHOLE) return names.join(', ');
  return `${names.slice(0, NAMED_OF_MORE).join(', ')} and ${names.length - NAMED_OF_MORE} more`;
}
