import { SAMPLE_NAMES } from '../../../ports/index.ts';
import type { KeyedRecord, SampleInput, StoreAnswer, StoreSample, SweepInput } from '../../../ports/index.ts';
import type { StoreTime, TargetId } from '../../../health/index.ts';
import { headerOf, holdFrom, stampFrom, storedFrom, wholeStamp } from '../../format/index.ts';
import { readFields } from './fields.ts';
import { rowsOf, unexpected } from './reply.ts';
import { writingArgs, type ScriptRunner } from './runner.ts';

export async function readRecords(
  runner: ScriptRunner,
  targets: readonly TargetId[],
): Promise<StoreAnswer<readonly KeyedRecord[]>> {
  const answer = await readFields(runner, 'records', targets);
  if (answer.kind !== 'ok') return answer;
  const { now } = answer.meta;
  return { ...answer, value: answer.value.map(([target, text]) => ({ target, stored: storedFrom(text, now) })) };
}

/** Takes a sample; see `lua/sample-fields-5.lua`. */
export function sample(runner: ScriptRunner, { notAfter }: SampleInput): Promise<StoreAnswer<StoreSample>> {
  const args = [String(wholeStamp(notAfter)), String(SAMPLE_NAMES)];
  return runner.run('sample-fields', args, ([count, ...body], { now }) => sampleFrom(stampFrom(count), body, now));
}

function sampleFrom(count: number | undefined, body: readonly string[], now: StoreTime): StoreSample {
  if (count === undefined) throw unexpected();
  const rows = rowsOf(body, 2).map(([name = '', text = '']) => [name, text] as const);
  return {
    targets: rows.slice(0, count).map(([target, text]) => ({
      target,
      version: headerOf(text, now)?.version ?? 0,
      stored: text === '' ? null : storedFrom(text, now),
    })),
    holds: rows.slice(count).map(([key, text]) => ({ key, stored: holdFrom(text, now) })),
  };
}

export function sweepRecords(runner: ScriptRunner, input: SweepInput): Promise<StoreAnswer<readonly TargetId[]>> {
  const records = input.records.flatMap(({ target, version }) => [target, String(version)]);
  return runner.run('sweep-records', [...writingArgs(runner, input), ...records], (body) => body);
}
