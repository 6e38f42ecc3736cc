import type { LiveLease, ReleaseInput, RenewAnswer, RenewInput, StoreAnswer } from '../../ports/index.ts';
import { isTargetId, wholeMs } from '../format/index.ts';
import { rowsOf, stampOf } from './reply.ts';
import { writingArgs, type Runner } from './runner.ts';

export function renewLeases(runner: Runner, input: RenewInput): Promise<StoreAnswer<RenewAnswer>> {
  const leases = input.leases.flatMap(({ target, grant }) => [target, String(grant)]);
  const args = [...writingArgs(runner, input), String(wholeMs(input.ttlMs)), ...leases];
  return runner.run('renew-leases', args, ([until, ...places]) => ({
    until: stampOf(until),
    lost: places.flatMap((place) => input.leases.slice(stampOf(place), stampOf(place) + 1).map(({ target }) => target)),
  }));
}

export function releaseLeases(runner: Runner, input: ReleaseInput): Promise<StoreAnswer<null>> {
  const leases = input.leases.flatMap(({ target, grant, probe = '' }) => [target, String(grant), probe]);
  return runner.run('release-leases', [...writingArgs(runner, input), ...leases], () => null);
}

export function readLeases(runner: Runner): Promise<StoreAnswer<readonly LiveLease[]>> {
  return runner.run('read-leases', [], (body) =>
    rowsOf(body, 4).flatMap(([target = '', pod = '', grant, until]) =>
      isTargetId(target) ? [{ target, pod, grant: stampOf(grant), until: stampOf(until) }] : [],
    ),
  );
}
