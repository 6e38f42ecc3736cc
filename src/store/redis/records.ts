import type { RecordPage, StoreAnswer, SweepInput } from '../../ports/index.ts';
import type { TargetId } from '../../health/index.ts';
import { isTargetId, storedFrom } from '../format/index.ts';
import { fieldPages } from './field-pages.ts';
import { writingArgs, type Runner } from './runner.ts';

/** Reads pages of records; one of it for each store, for it remembers what is still to be read. */
export function recordPages(): (runner: Runner, cursor: string) => Promise<StoreAnswer<RecordPage>> {
  const read = fieldPages('records', isTargetId);
  return async (runner, from) => {
    const answer = await read(runner, from);
    if (answer.kind !== 'ok') return answer;
    const { cursor, rows } = answer.value;
    const records = rows.map(([target, text]) => ({ target, stored: storedFrom(text, answer.meta.now) }));
    return { ...answer, value: { cursor, records } };
  };
}

export function sweepRecords(runner: Runner, input: SweepInput): Promise<StoreAnswer<readonly TargetId[]>> {
  const records = input.records.flatMap(({ target, version }) => [target, String(version)]);
  return runner.run('sweep-records', [...writingArgs(runner, input), ...records], (body) => body);
}
