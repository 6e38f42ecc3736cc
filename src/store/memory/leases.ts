import type { StoreTime, TargetId } from '../../health/index.ts';
import type { LiveLease, ReleaseInput, RenewAnswer, RenewInput } from '../../ports/index.ts';
import { wholeMs } from '../format/index.ts';
import { giveBack } from './money.ts';
import { publishLeases } from './publish.ts';
import { leaseOf, putLease, type FleetState } from './state.ts';

export function renew(state: FleetState, now: StoreTime, input: RenewInput): RenewAnswer {
  const until = now + wholeMs(input.ttlMs) * 1000;
  const kept = input.leases.filter(({ target, grant }) => {
    const lease = leaseOf(state, target, now);
    if (lease === undefined || lease.pod !== input.pod || lease.grant !== grant || lease.until <= now) return false;
    putLease(state, target, { ...lease, until });
    return true;
  });
  publishLeases(
    state,
    now,
    input.pod,
    kept.map(({ target, grant }) => ({ target, grant, until })),
  );
  return { until, lost: input.leases.filter((lease) => !kept.includes(lease)).map(({ target }) => target) };
}

export function release(state: FleetState, now: StoreTime, input: ReleaseInput): null {
  const ended = input.leases.filter(({ target, grant, probe }) => {
    const lease = leaseOf(state, target, now);
    if (lease === undefined || lease.pod !== input.pod || lease.grant !== grant || lease.until === 0) return false;
    const unused = probe === 'never-sent' && lease.count > 0 ? 1 : 0;
    putLease(state, target, { ...lease, until: 0, count: lease.count - unused });
    if (probe === 'never-sent') giveBack(state, now, target, grant);
    return true;
  });
  publishLeases(
    state,
    now,
    input.pod,
    ended.map(({ target, grant }) => ({ target, grant, until: 0 })),
  );
  return null;
}

export function readLeases(state: FleetState, now: StoreTime, targets: readonly TargetId[]): readonly LiveLease[] {
  return targets.flatMap((target) => {
    const lease = leaseOf(state, target, now);
    if (lease === undefined || lease.until <= now) return [];
    return [{ target, pod: lease.pod, grant: lease.grant, until: lease.until }];
  });
}
