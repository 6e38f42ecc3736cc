import type { LeaseLimits, LimitLease, StoreAnswer } from '../../../ports/index.ts';
import { limitField, wholeCount, wholeStamp } from '../../format/index.ts';
import { rowsOf, stampOf } from './reply.ts';
import type { ScriptRunner } from './runner.ts';

/** Extends leases of limits; with a `ttlMs` of 0 gives them back. */
export function leaseLimits(runner: ScriptRunner, input: LeaseLimits): Promise<StoreAnswer<readonly LimitLease[]>> {
  const { pod, number, ttlMs, pods, notAfter, pools } = input;
  const args = [
    String(wholeStamp(notAfter)),
    pod,
    ...[number, ttlMs, pods].map((one) => String(wholeCount(one))),
    ...pools.flatMap(({ deployment, kind, limit, keeps, used, demand, holdMs }) => [
      limitField(deployment, kind),
      ...[limit, keeps, used, demand, holdMs].map((one) => String(wholeCount(one))),
    ]),
  ];
  return runner.run('lease-limits', args, (body) =>
    rowsOf(body, 3).map(([share, target, live]) => ({
      share: stampOf(share),
      target: stampOf(target),
      pods: stampOf(live),
    })),
  );
}
