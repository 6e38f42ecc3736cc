import type { StoreTime } from '../../../health/index.ts';
import type { StoreAnswer, StoredRecord } from '../../../ports/index.ts';
import { headerOf, storedFrom } from '../../format/index.ts';

/** An answer, and the version of the record behind it if only its JSON is garbage. */
export interface FoundGarbage<Answer> {
  readonly answer: Answer;
  readonly garbage: string | undefined;
}

/** A record as a script sent it; '' is none. */
export function shownFrom(text: string, now: StoreTime): StoredRecord | null {
  return text === '' ? null : storedFrom(text, now);
}

/** The version of a record that a script took for one and we do not; `undefined` where both agree. */
export function garbageVersion(text: string, now: StoreTime): string | undefined {
  const header = headerOf(text, now);
  if (header === undefined || storedFrom(text, now).kind !== 'garbage') return undefined;
  return String(header.version);
}

/**
 * Scripts believe a record by its header and leave its JSON alone. Where that turns out to be garbage, the command is
 * given again for those targets, with the word that the record of that version is absent: so it can be repaired.
 */
export async function repeatOverGarbage<Request, Answer>(
  requests: readonly Request[],
  send: (
    requests: readonly Request[],
    garbage: readonly (string | undefined)[],
  ) => Promise<StoreAnswer<readonly FoundGarbage<Answer>[]>>,
): Promise<StoreAnswer<readonly Answer[]>> {
  const first = await send(requests, []);
  if (first.kind !== 'ok') return first;
  const answers = first.value.map(({ answer }) => answer);
  const again = first.value.flatMap(({ garbage }, index) => (garbage === undefined ? [] : [{ index, garbage }]));
  if (again.length === 0) return { ...first, value: answers };
  const repeated = again.flatMap(({ index }) => requests.slice(index, index + 1));
  const second = await send(
    repeated,
    again.map(({ garbage }) => garbage),
  );
  // The first run may have granted and written: its answers are worth more than the news that the second was late.
  if (second.kind !== 'ok') return { ...first, value: answers };
  for (const [place, { index }] of again.entries()) {
    const found = second.value[place];
    if (found !== undefined) answers[index] = found.answer;
  }
  return { ...second, value: answers };
}
