import type { StoreTime, TargetId } from '../../../health/index.ts';
import type { LiveLease, ReleaseInput, RenewAnswer, RenewInput, StoreAnswer } from '../../../ports/index.ts';
import { leaseFrom, wholeMs } from '../../format/index.ts';
import { readFields } from './fields.ts';
import { stampOf } from './reply.ts';
import { writingArgs, type ScriptRunner } from './runner.ts';

export function renewLeases(runner: ScriptRunner, input: RenewInput): Promise<StoreAnswer<RenewAnswer>> {
  const leases = input.leases.flatMap(({ target, grant }) => [target, String(grant)]);
  const args = [...writingArgs(runner, input), String(wholeMs(input.ttlMs)), ...leases];
  return runner.run('renew-leases', args, ([until, ...places]) => ({
    until: stampOf(until),
    lost: places.flatMap((place) => input.leases.slice(stampOf(place), stampOf(place) + 1).map(({ target }) => target)),
  }));
}

export function releaseLeases(runner: ScriptRunner, input: ReleaseInput): Promise<StoreAnswer<null>> {
  const leases = input.leases.flatMap(({ target, grant, probe = '' }) => [target, String(grant), probe]);
  return runner.run('release-leases', [...writingArgs(runner, input), ...leases], () => null);
}

export async function readLeases(
  runner: ScriptRunner,
  targets: readonly TargetId[],
): Promise<StoreAnswer<readonly LiveLease[]>> {
  const answer = await readFields(runner, 'leases', targets);
  if (answer.kind !== 'ok') return answer;
  return { ...answer, value: answer.value.flatMap((row) => liveLease(row, answer.meta.now)) };
}

function liveLease([target, text]: readonly [TargetId, string], now: StoreTime): LiveLease[] {
  const lease = leaseFrom(text, now);
  if (lease === undefined || lease.until <= now) return [];
  return [{ target, pod: lease.pod, grant: lease.grant, until: lease.until }];
}
