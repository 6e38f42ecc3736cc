import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_POOLS } from '../../src/ports/index.ts';
import type { LeaseLimits, LimitLease, LimitStore, PoolUse } from '../../src/ports/index.ts';
import { until } from '../../src/testing/until.ts';
import { FOREVER, ok } from './fleet-store/under-test.ts';

/** The limits of a fleet of its own, and access for tests. */
export interface LimitStoreUnderTest {
  open(): Promise<LimitStore>;
  /** The stored pools by field. */
  texts(): Promise<ReadonlyMap<string, string>>;
  plant(field: string, text: string): Promise<void>;
  /** Loses all data. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A lease that no test outlasts; with it a pool settles for as long. */
const LONG_MS = 60_000;
/** A lease that a test can wait for. */
const SHORT_MS = 30;
const SOON = { withinMs: 5_000 };

/** What every implementation of `LimitStore` promises. */
export function describeLimitStore(name: string, make: () => Promise<LimitStoreUnderTest>): void {
  describe(`${name}: limits of deployments`, () => {
    let under: LimitStoreUnderTest;
    let store: LimitStore;
    let number = 0;
    beforeEach(async () => {
      under = await make();
      store = await under.open();
    });
    afterEach(async () => await under.close());

    const use = (changes: Partial<PoolUse> = {}): PoolUse => ({
      deployment: 'd',
      kind: 'rpm',
      limit: 60,
      keeps: 0,
      used: 0,
      demand: 0,
      holdMs: LONG_MS,
      ...changes,
    });
    const input = (pod: string, pools: readonly PoolUse[], more: Partial<LeaseLimits> = {}): LeaseLimits => {
      number += 1;
      return { pod, number, ttlMs: LONG_MS, pods: 1, notAfter: FOREVER, pools, ...more };
    };
    const lease = async (
      pod: string,
      changes: Partial<PoolUse> = {},
      more: Partial<LeaseLimits> = {},
    ): Promise<LimitLease> => ok(await store.lease(input(pod, [use(changes)], more)))[0]!;
    it('gives a pod nearly all of a new limit if it knows no other, else an equal part', async () => {
      expect(await lease('a')).toMatchObject({ share: 54, pods: 1 });
      expect(await lease('b', { deployment: 'e' }, { pods: 3 })).toMatchObject({ share: 20 });
      expect(await lease('c', { deployment: 'one', limit: 1 }, { pods: 3 })).toMatchObject({ share: 1 });
      expect(await lease('b', { deployment: 'one', limit: 1 }, { pods: 3 })).toMatchObject({ share: 0 });
    });

    it('gives a pod what another does not keep, and no more', async () => {
      await lease('a');
      expect(await lease('b', {}, { pods: 2 })).toMatchObject({ share: 6, target: 27, pods: 2 });
      expect(await lease('b', { keeps: 0 }, { pods: 2 })).toMatchObject({ share: 6 });
      const { target } = await lease('a', { keeps: 54 });
      expect(target).toBe(27);
      expect(await lease('a', { keeps: target })).toMatchObject({ share: 27 });
      expect(await lease('b', {}, { pods: 2 })).toMatchObject({ share: 27, target: 27 });
      expect(await lease('c', {}, { pods: 3 })).toMatchObject({ share: 6 });
    });

    it('divides by demand, leaves a tenth of what is unused, and a share for each idle pod', async () => {
      await lease('a', {}, { pods: 3 });
      await lease('b', {}, { pods: 3 });
      await lease('c', {}, { pods: 3 });
      const shares = async (...demands: number[]): Promise<number[]> => {
        const targets = [];
        for (const round of [1, 2]) {
          for (const [at, demand] of demands.entries()) {
            const pod = ['a', 'b', 'c'][at] ?? '';
            // oxlint-disable-next-line no-await-in-loop -- in turn
            targets[at] = (
              await lease(pod, { keeps: 20, demand, used: round === 1 ? 0 : Math.min(20, demand) })
            ).target;
          }
        }
        return targets;
      };
      expect(await shares(0, 0, 0)).toEqual([18, 18, 18]);
      const [busy = 0, less = 0, idle = 0] = await shares(80, 15, 0);
      expect(busy).toBeGreaterThan(35);
      expect(less).toBeGreaterThan(idle);
      expect(idle).toBeGreaterThanOrEqual(3);
      expect(busy + less + idle).toBeLessThanOrEqual(60);
    });

    it('gives a limit of one request at once to the pod that needs it', async () => {
      const one = { kind: 'parallel', limit: 1, holdMs: 0 } as const;
      await lease('a', one, { pods: 3 });
      expect(await lease('b', { ...one, demand: 1 })).toMatchObject({ share: 0, target: 1 });
      expect(await lease('a', { ...one, keeps: 1 })).toMatchObject({ share: 1, target: 0 });
      expect(await lease('a', { ...one, keeps: 0 })).toMatchObject({ share: 0 });
      expect(await lease('b', { ...one, demand: 1 }, { pods: 3 })).toMatchObject({ share: 1 });
    });

    it('lets nothing be kept that the store has not counted', async () => {
      await lease('a', {}, { pods: 3 });
      expect(await lease('a', { keeps: 50 })).toMatchObject({ share: 20 });
    });

    it('counts the share of a pod that is gone until its use has left the window', async () => {
      expect(await lease('a', {}, { ttlMs: SHORT_MS })).toMatchObject({ share: 54 });
      await until(async () => (await lease('b')).pods === 1, { ...SOON, what: 'the lease to end' });
      expect(await lease('b')).toMatchObject({ share: 6, target: 6 });
    });

    it('gives the share of a pod that is gone to others as soon as its use counts no more', async () => {
      const short = { holdMs: SHORT_MS };
      await lease('a', short, { ttlMs: SHORT_MS });
      await until(async () => (await lease('b', short, { ttlMs: SHORT_MS })).share > 30, {
        ...SOON,
        what: 'the share to be free',
      });
    });

    it('counts only the use of a share that was given back', async () => {
      await lease('a', { used: 10 });
      ok(await store.giveBack(input('a', [use({ used: 10 })])));
      expect(await lease('b', { demand: 100 })).toMatchObject({ share: 45, pods: 1 });
      ok(await store.giveBack(input('b', [use()])));
      expect([...(await under.texts()).values()].join(' ')).not.toContain('b ');
    });

    it('counts use beyond a share', async () => {
      await lease('a', { kind: 'tpm', limit: 1_000 }, { pods: 4 });
      await lease('a', { kind: 'tpm', limit: 1_000, keeps: 250, used: 900 });
      expect(await lease('b', { kind: 'tpm', limit: 1_000 }, { pods: 2 })).toMatchObject({ share: 100 });
    });

    it('ignores a command that was overtaken', async () => {
      await lease('a');
      const late = input('a', [use({ keeps: 10 })]);
      await lease('a', { keeps: 54 });
      ok(await store.lease(late));
      expect(await lease('b')).toMatchObject({ share: 6 });
    });

    it('does nothing past its time', async () => {
      const { kind } = await store.lease(input('a', [use()], { notAfter: 1 }));
      expect(kind).toBe('too-late');
      expect((await store.giveBack(input('a', [use()], { notAfter: 1 }))).kind).toBe('too-late');
      expect((await under.texts()).size).toBe(0);
    });

    it('lets pods keep their shares after it has lost its data, and gives none of them more at first', async () => {
      await lease('a', {}, { pods: 2 });
      await lease('b', {}, { pods: 2 });
      await under.flush();
      expect(await lease('b', { keeps: 12, demand: 100 }, { pods: 2 })).toMatchObject({ share: 12 });
      expect(await lease('a', { keeps: 40 }, { pods: 2 })).toMatchObject({ share: 40 });
      expect(await lease('c', { demand: 60 }, { pods: 3 })).toMatchObject({ share: 8 });
    });

    it('replaces what it cannot read, row by row', async () => {
      await lease('a', {}, { pods: 2 });
      const [text = ''] = [...(await under.texts()).values()];
      await under.plant(
        'rpm:d',
        `${text};b 1 x 0 0 9 9;c;b 1 2 3 4 ${'9'.repeat(17)} 1;${'p'.repeat(200)} 1 1 1 1 1 1`,
      );
      expect(await lease('a', { keeps: 30 })).toMatchObject({ share: 30, pods: 1 });
      await under.plant('rpm:d', 'nonsense');
      expect(await lease('a', { keeps: 30 }, { pods: 2 })).toMatchObject({ share: 30, pods: 1 });
      await under.plant('rpm:d', '9'.repeat(400_000));
      expect(await lease('a', { keeps: 30 }, { pods: 2 })).toMatchObject({ share: 30, pods: 1 });
    });

    it('cuts times that are too late', async () => {
      await under.plant('rpm:d', `1;z 1 60 60 0 8000000000000000 8000000000000000`);
      await lease('a');
      const [text = ''] = [...(await under.texts()).values()];
      const [till = 0, counted = 0] = (/^1;z 1 60 60 0 (\d+) (\d+)/.exec(text) ?? []).slice(1).map(Number);
      expect(counted - till).toBe(180_000_000);
      expect(till / 1_000).toBeLessThan(Date.now() + 70_000);
    });

    it('takes any id of a deployment, and at most so many pools', async () => {
      const ids = ['gpt 4;x', 'ünï', 'a'.repeat(500)];
      const answer = ok(
        await store.lease(
          input(
            'a',
            ids.map((deployment) => use({ deployment })),
          ),
        ),
      );
      expect(answer.map(({ share }) => share)).toEqual([54, 54, 54]);
      for (const field of (await under.texts()).keys()) expect(field).toMatch(/^rpm:[0-9a-f]{64}$/);
      const many = Array.from({ length: MOST_POOLS + 1 }, (_, at) => use({ deployment: `d${at}` }));
      expect((await store.lease(input('a', many))).kind).toBe('lost');
      expect(ok(await store.lease(input('a', many.slice(1))))).toHaveLength(MOST_POOLS);
    });

    it('never gives pods that ask at once more than the limit together', async () => {
      // A pool that is past its first lease time.
      await under.plant('rpm:d', '1;z 1 0 0 0 1 8000000000000000');
      const pods = ['a', 'b', 'c', 'd', 'e'];
      const handles = await Promise.all(pods.map(() => under.open()));
      const held = new Map(pods.map((pod) => [pod, 0]));
      let most = 0;
      const run = async (pod: string, handle: LimitStore): Promise<void> => {
        for (let turn = 0; turn < 40; turn += 1) {
          const demand = (turn * 7 + pod.charCodeAt(0) * 31) % 90;
          const keeps = Math.min(held.get(pod) ?? 0, (turn * 13 + pod.charCodeAt(0)) % 60);
          held.set(pod, keeps);
          // oxlint-disable-next-line no-await-in-loop -- a pod has one command at a time
          const [answer] = ok(await handle.lease(input(pod, [use({ keeps, demand })])));
          held.set(pod, answer?.share ?? 0);
          most = Math.max(
            most,
            [...held.values()].reduce((sum, share) => sum + share, 0),
          );
        }
      };
      await Promise.all(handles.map(async (handle, at) => await run(pods[at] ?? '', handle)));
      expect(most).toBeLessThanOrEqual(60);
      expect(most).toBeGreaterThan(40);
    });
  });
}
