import type { RecordPage, StoreAnswer, SweepInput } from '../../ports/index.ts';
import type { TargetId } from '../../health/index.ts';
import { isTargetId, storedFrom } from '../format/index.ts';
import { rowsOf } from './reply.ts';
import { writingArgs, type Runner } from './runner.ts';

/** Records in one page, about: 200 keep the server busy for well under a millisecond. */
const PAGE = 200;

export function readRecords(runner: Runner, cursor: string): Promise<StoreAnswer<RecordPage>> {
  return runner.run('read-records', [cursor, String(PAGE)], ([next = '0', ...fields], { now }) => ({
    cursor: next,
    records: rowsOf(fields, 2).flatMap(([target = '', text = '']) =>
      isTargetId(target) ? [{ target, stored: storedFrom(text, now) }] : [],
    ),
  }));
}

export function sweepRecords(runner: Runner, input: SweepInput): Promise<StoreAnswer<readonly TargetId[]>> {
  const records = input.records.flatMap(({ target, version }) => [target, String(version)]);
  return runner.run('sweep-records', [...writingArgs(runner, input), ...records], (body) => body);
}
