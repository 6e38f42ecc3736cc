import type { StoreTime } from '../../../health/index.ts';
import type { StoreAnswer, StoredRecord } from '../../../ports/index.ts';
import { headerOf, storedFrom } from '../../format/index.ts';

/** An answer, with the version of its record if only the JSON is garbage. */
export interface FoundGarbage<Answer> {
  readonly answer: Answer;
  readonly garbage: string | undefined;
}

/** Parses a record from a script's answer; '' is none. */
export function shownFrom(text: string, now: StoreTime): StoredRecord | null {
  return text === '' ? null : storedFrom(text, now);
}

/** Version of a record whose header is valid and whose JSON is garbage; else `undefined`. */
export function garbageVersion(text: string, now: StoreTime): string | undefined {
  const header = headerOf(text, now);
  if (header === undefined || storedFrom(text, now).kind !== 'garbage') return undefined;
  return String(header.version);
}

/**
 * Scripts check only the header of a record. If its JSON turns out to be garbage, this repeats the command for those targets
 * and names the record's version, so that the script treats the record as absent and replaces it.
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
  // The first run may have granted leases or written records, so its answers count even if the second run was too late.
  if (second.kind !== 'ok') return { ...first, value: answers };
  for (const [place, { index }] of again.entries()) {
    const found = second.value[place];
    if (found !== undefined) answers[index] = found.answer;
  }
  return { ...second, value: answers };
}
