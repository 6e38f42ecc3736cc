import { describe, expect, it } from 'vitest';
import type { LimitShare, LimitShares, LimitUse } from '../../ports/index.ts';
import { manualClock } from '../../testing/index.ts';
import type { ManualClock } from '../../testing/index.ts';
import { createDividedShares } from './divided-shares.ts';
import type { DividedShares } from './divided-shares.ts';
import { createMirroredShares } from './mirrored-shares.ts';
import type { MirroredShares } from './mirrored-shares.ts';

const use = (changes: Partial<LimitUse>): LimitUse => ({
  requests: 0,
  tokens: 0,
  inFlight: 0,
  refused: 0,
  refusedTokens: 0,
  ...changes,
});

describe("a pod's shares of limits, divided among two workers", () => {
  it('begin equal, and leave deployments without a limit alone', () => {
    const { workers } = divided({ rpm: 5, tpm: null, maxParallel: 2 });
    expect(workers.map((one) => one.shareOf('d'))).toEqual([
      { rpm: 3, tpm: null, maxParallel: 1 },
      { rpm: 2, tpm: null, maxParallel: 1 },
    ]);
    expect(workers[0]?.shareOf('unlimited')).toEqual({ rpm: null, tpm: null, maxParallel: null });
  });

  it('move to the worker that refuses requests, after the other one has applied its smaller part', () => {
    const { shares, workers, held, deliver } = divided({ rpm: 10, tpm: null, maxParallel: null });
    shares.said(1, [['d', use({ requests: 5, refused: 1 })]], 1);
    // On their way: the other worker still has its whole part.
    expect(held()).toEqual([5, 5]);
    deliver();
    expect(held()).toEqual([5, 2]);
    shares.said(2, [], workers[1]?.applied ?? 0);
    deliver();
    expect(held()).toEqual([8, 2]);
  });

  it('a worker that ends leaves what it may have used unused for a minute, and no longer', () => {
    const { shares, clock, held, deliver, restart } = divided({ rpm: 10, tpm: null, maxParallel: 10 });
    shares.said(2, [['d', use({ requests: 1, inFlight: 5 })]], 1);
    shares.ended(2);
    restart(2);
    deliver();
    expect(held()).toEqual([5, 0]);
    // Its requests in flight ended with it.
    expect(held('maxParallel').reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(10);
    clock.advance(61_000);
    shares.refresh();
    deliver();
    expect(held().reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(10);
  });

  it("follow the pod's share when it changes", () => {
    const { shares, pod, held, deliver } = divided({ rpm: 10, tpm: null, maxParallel: null });
    pod.share = { rpm: 4, tpm: null, maxParallel: null };
    shares.refresh();
    deliver();
    expect(held().reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(4);
  });

  it('tell the pod what all workers used together', () => {
    const { shares, pod } = divided({ rpm: 10, tpm: 100, maxParallel: null });
    shares.said(1, [['d', use({ requests: 2, tokens: 20, inFlight: 1 })]], 1);
    shares.said(2, [['d', use({ requests: 3, tokens: 30, refused: 1 })]], 1);
    expect(pod.used).toEqual({ requests: 5, tokens: 50, inFlight: 1, refused: 1, refusedTokens: 0 });
  });
});

interface Scene {
  readonly shares: DividedShares;
  readonly workers: readonly MirroredShares[];
  readonly pod: { share: LimitShare; used: LimitUse | undefined };
  readonly clock: ManualClock;
  /** What each worker has now. */
  held(kind?: keyof LimitShare): readonly (number | null)[];
  /** Messages on their way arrive. */
  deliver(): void;
  restart(worker: number): void;
}

function divided(share: LimitShare): Scene {
  const clock = manualClock();
  const state: Scene['pod'] = { share, used: undefined };
  const pod: LimitShares = {
    configure: () => undefined,
    shareOf: (deployment) => (deployment === 'd' ? state.share : { rpm: null, tpm: null, maxParallel: null }),
    used: (_, used) => void (state.used = used),
  };
  const shares = createDividedShares({ workers: 2, pod, clock });
  const coming: (() => void)[] = [];
  const workers = [1, 2].map(() => createMirroredShares(() => undefined));
  const list = [{ id: 'd', rpm: 1 }, { id: 'unlimited' }];
  shares.configure(list, () => undefined);
  const restart = (number: number): void => {
    workers[number - 1]?.configure(list, () => undefined);
    workers[number - 1]?.apply(shares.startOf(number));
  };
  for (const number of [1, 2]) restart(number);
  shares.onChange((number, update) => void coming.push(() => workers[number - 1]?.apply(update)));
  return {
    shares,
    workers,
    pod: state,
    clock,
    held: (kind = 'rpm') => workers.map((one) => one.shareOf('d')[kind]),
    deliver: () => {
      for (const arrive of coming.splice(0)) arrive();
    },
    restart,
  };
}
