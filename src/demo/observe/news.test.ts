import { describe, expect, it } from 'vitest';
import { examplePod, exampleShot, exampleTargetShot } from '../example-snapshot.ts';
import { ModeNews } from './mode-news.ts';
import { newsBetween } from './news.ts';
import { RecoveryChecks } from './recovery-checks.ts';
import type { PodShot, Snapshot } from './snapshot.ts';

const calm = exampleShot();
const changed = (changes: Partial<Snapshot>): readonly string[] => newsBetween(calm, exampleShot(changes));

describe('news', () => {
  it('are none while nothing changes', () => {
    expect(newsBetween(calm, calm)).toEqual([]);
  });

  it('say which target is down, why, and how many pods agree', () => {
    const targets = [exampleTargetShot({ state: 'down', why: 'server, 2 times: says 500' })];
    const saysDown = { states: { 'gpt-4o': 'down' } } as const;
    const pods = [examplePod(1, saysDown), examplePod(2, saysDown), examplePod(3)];
    expect(changed({ targets, pods })).toEqual(['gpt-4o is down, 2 of 3 pods agree: server, 2 times: says 500']);
    expect(changed({ targets, pods: pods.slice(0, 2) })).toEqual([
      'gpt-4o is down, both pods agree: server, 2 times: says 500',
    ]);
  });

  it('do not tell of every target that is judged up for the first time, but once of all', () => {
    const unknown = exampleShot({ targets: calm.targets.map((target) => ({ ...target, state: 'unknown' as const })) });
    expect(newsBetween(unknown, calm)).toEqual(['All 2 targets are judged: 18 probes by 3 pods that started together']);
  });

  it('tell what an operator decided, and of its end', () => {
    const drained = exampleShot({ targets: [exampleTargetShot({ hold: 'drain' })] });
    expect(newsBetween(calm, drained)).toEqual(['gpt-4o is held (drain): it gets no traffic, probes continue']);
    expect(newsBetween(drained, calm)).toEqual(['gpt-4o is no longer held: its probes count again, it is up']);
    expect(changed({ probing: 'paused' })).toEqual(['Probing is paused: no pod probes']);
    expect(newsBetween(exampleShot({ probing: 'paused' }), calm)).toEqual([
      'Probing resumed: the first probes are spread over an interval',
    ]);
  });

  it('report an impaired pod, and the end of that', () => {
    const impaired = examplePod(1, { self: { mode: 'shared', impaired: true, storeProblem: null } });
    expect(changed({ pods: [impaired] })).toEqual([expect.stringContaining('pod 1 is impaired')]);
    expect(newsBetween(exampleShot({ pods: [impaired] }), calm)).toEqual([
      expect.stringContaining('pod 1 is no longer impaired'),
    ]);
  });
});

describe('news of modes', () => {
  const lost = { self: { mode: 'fallback', impaired: false, storeProblem: 'it is silent' } };
  const at = (atMs: number, pods: readonly PodShot[]): Snapshot => exampleShot({ atMs, pods });

  it('wait for all pods, and are one sentence', () => {
    const modes = new ModeNews();
    const some = [examplePod(1, lost), examplePod(2), examplePod(3, lost)];
    expect(modes.next(at(0, some))).toEqual([]);
    const all = some.map(({ name }) => ({ ...examplePod(1, lost), name }));
    expect(modes.next(at(500, all))).toEqual(['all 3 pods fall back to local checks without Redis: it is silent']);
    expect(modes.next(at(9_000, all))).toEqual([]);
    expect(modes.next(at(9_250, [examplePod(1), examplePod(2), examplePod(3)]))).toEqual([
      'all 3 pods share health again',
    ]);
  });

  it('come without the others after a while', () => {
    const modes = new ModeNews();
    const some = [examplePod(1, lost), examplePod(2), examplePod(3, lost)];
    expect([0, 1_000, 2_000, 3_000].flatMap((ms) => modes.next(at(ms, some)))).toEqual([
      'pods 1, 3 fall back to local checks without Redis: it is silent',
    ]);
  });
});

describe('a proof', () => {
  const target = (checkedAtMs: number): Partial<Snapshot> => ({ targets: [exampleTargetShot({ checkedAtMs })] });
  const without: readonly PodShot[] = [examplePod(1, { life: 'down', self: null }), examplePod(2)];

  it('that a killed pod is not missed waits for new evidence of every target, and tells the longest wait', () => {
    const proofs = new RecoveryChecks();
    const before = exampleShot(target(10_000));
    const killed = exampleShot({ ...target(10_000), pods: without });
    expect(proofs.next(before, killed)).toEqual([]);
    const probed = exampleShot({ ...target(15_200), pods: without });
    expect(proofs.next(killed, probed)).toEqual([
      'Every target was probed since pod 1 was lost; the longest gap was 5.2 s (gpt-4o)',
    ]);
    expect(proofs.next(probed, probed)).toEqual([]);
  });

  it('that nothing was probed too often without Redis comes with its return', () => {
    const proofs = new RecoveryChecks();
    const at = (seconds: number, counted: number, redis: Snapshot['redis']): Snapshot =>
      exampleShot({ atMs: seconds * 1000, redis, probes: { counted, independent: 0, rate: null } });
    expect(proofs.next(at(0, 10, 'up'), at(0.25, 10, 'stopped'))).toEqual([]);
    expect(proofs.next(at(0.25, 10, 'stopped'), at(20, 18, 'up'))).toEqual([
      'Redis was unavailable for 20 s: 8 probes of 2 targets meanwhile, 1.00 per target and interval',
    ]);
  });
});
