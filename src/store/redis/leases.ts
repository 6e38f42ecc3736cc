import type { TargetId } from '../../health/index.ts';
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

/** Leases in one page, about: 200 keep the server busy for less than a millisecond, where all of 10,000 took 70. */
const PAGE = 200;

/** All pages, one after the other; a lease that two of them met is the one that was met last. */
export async function readLeases(runner: Runner): Promise<StoreAnswer<readonly LiveLease[]>> {
  const leases = new Map<TargetId, LiveLease>();
  let cursor = '0';
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a page begins where the one before it ended
    const page = await runner.run('read-leases', [cursor, String(PAGE)], ([next = '0', ...rows]) => {
      for (const [target = '', pod = '', grant, until] of rowsOf(rows, 4)) {
        if (isTargetId(target)) leases.set(target, { target, pod, grant: stampOf(grant), until: stampOf(until) });
      }
      return next;
    });
    if (page.kind !== 'ok') return page;
    cursor = page.value;
    if (cursor === '0') return { ...page, value: [...leases.values()] };
  }
}
