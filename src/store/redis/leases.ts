import type { StoreTime, TargetId } from '../../health/index.ts';
import type { LiveLease, ReleaseInput, RenewAnswer, RenewInput, StoreAnswer } from '../../ports/index.ts';
import { isTargetId, leaseFrom, wholeMs } from '../format/index.ts';
import { fieldPages } from './field-pages.ts';
import { stampOf } from './reply.ts';
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

/** Reads all pages of leases, one after the other: those that are live at the time of the last one. */
export function leasePages(): (runner: Runner) => Promise<StoreAnswer<readonly LiveLease[]>> {
  const read = fieldPages('leases', isTargetId);
  return async (runner) => {
    const texts = new Map<TargetId, string>();
    let cursor = '0';
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a page begins where the one before it ended
      const page = await read(runner, cursor);
      if (page.kind !== 'ok') return page;
      // One that two pages met is the one that was met last.
      for (const [target, text] of page.value.rows) texts.set(target, text);
      ({ cursor } = page.value);
      if (cursor === '0') return { ...page, value: [...texts].flatMap((row) => liveLease(row, page.meta.now)) };
    }
  };
}

function liveLease([target, text]: readonly [TargetId, string], now: StoreTime): LiveLease[] {
  const lease = leaseFrom(text, now);
  if (lease === undefined || lease.until <= now) return [];
  return [{ target, pod: lease.pod, grant: lease.grant, until: lease.until }];
}
