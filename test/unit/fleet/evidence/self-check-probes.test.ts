import { describe, expect, it } from 'vitest';
import { selfChecking, ids } from '../../../support/self-checking.ts';

const [first = ''] = ids;

describe('local failures of a pod', () => {
  it('are looked into as deep as it is free where whoever answers for all lets connect (a proxy that wants a login)', async () => {
    const {
      selfCheck,
      failsAlone: standsAlone,
      checks: looks,
      path: way,
      pass,
    } = selfChecking(['a', 'b'], {
      paid: { worstNanoUsd: 1, instead: 'models' },
    });
    way.fails = 'auth';
    standsAlone(first, 'auth');
    await pass(60_000, 100);
    expect(new Set(looks.map(({ level }) => level))).toEqual(new Set(['models']));
    expect(selfCheck.of(first)).toBeDefined();
    way.open = true;
    await pass(90_000, 100);
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not end by a connection when the failure came after one: a probe is needed (a proxy that accepts and resets)', async () => {
    const {
      selfCheck,
      failsAlone: standsAlone,
      asked,
      checks: looks,
      path: way,
      pass,
      passes,
      changed,
    } = selfChecking(['a', 'b']);
    way.connects = 'yes';
    standsAlone(first);
    await pass(1_800_000, 500);
    expect(new Set(looks.map(({ level }) => level))).toEqual(new Set(['connect']));
    expect(selfCheck.of(first)).toBeDefined();
    expect(changed).toEqual([first]);
    const gaps = asked.slice(1).map(({ atMs }, i) => Math.round((atMs - asked[i]!.atMs) / 1000));
    // At the first free look after 1, 2, 4, 8 and then always 16 intervals of 10 s.
    for (const [i, intervals] of [1, 2, 4, 8, 16, 16, 16].entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(10 * intervals);
      expect(gaps[i]).toBeLessThanOrEqual(10 * intervals + 80);
    }
    passes(first, 'pod_a');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('go on when no connection can be had meanwhile, and no probe is made for that', async () => {
    const { selfCheck, failsAlone: standsAlone, asked, path: way, pass } = selfChecking(['a', 'b']);
    way.connects = 'yes';
    standsAlone(first);
    way.connects = 'no';
    await pass(600_000, 500);
    expect(asked).toEqual([]);
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('end by an answer of the list of models after a broken connection, and once that misled only by a probe', async () => {
    const paid = { worstNanoUsd: 1, instead: 'models' as const };
    const {
      selfCheck,
      failsAlone: standsAlone,
      asked,
      checks: looks,
      path: way,
      pass,
      passes,
    } = selfChecking(['a'], { paid });
    way.connects = 'yes';
    standsAlone(first);
    way.open = true;
    await pass(5_000, 100);
    expect(looks.map(({ level }) => level)).toEqual(['models']);
    expect(selfCheck.of(first)).toBeUndefined();
    standsAlone(first);
    await pass(600_000, 500);
    expect(selfCheck.of(first)).toBeDefined();
    expect(asked.length).toBeGreaterThan(3);
    passes(first, 'pod_a');
    expect(selfCheck.of(first)).toBeUndefined();
    standsAlone(first);
    await pass(200_000, 500);
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not end twice by connections when the probe failed after the first (resets so early that connecting seems to fail)', async () => {
    const { selfCheck, failsAlone: standsAlone, asked, path: way, pass, passes } = selfChecking(['a', 'b']);
    standsAlone(first);
    way.connects = 'yes';
    await pass(5_000, 100);
    expect(selfCheck.of(first)).toBeUndefined();
    way.connects = 'no';
    standsAlone(first);
    way.connects = 'yes';
    await pass(600_000, 500);
    expect(selfCheck.of(first)).toBeDefined();
    expect(asked.length).toBeGreaterThan(3);
    passes(first, 'pod_a');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('end when this pod gets an answer that asks for less, or that rejects its probe', () => {
    for (const failure of ['overloaded', 'bad-probe'] as const) {
      const { selfCheck, failsAlone: standsAlone, fails } = selfChecking();
      standsAlone(first);
      fails(first, 'pod_a', failure);
      expect(selfCheck.of(first)).toBeUndefined();
    }
  });

  describe('where this pod makes no probes by itself', () => {
    const paid = { worstNanoUsd: 1, instead: 'models' as const };
    const unable = (hosts: readonly string[], changes = {}): ReturnType<typeof selfChecking> => {
      const made = selfChecking(hosts, changes);
      made.permission.probes = 'unavailable';
      return made;
    };

    it('end by a connection, whatever had failed', async () => {
      const { selfCheck, failsAlone: standsAlone, path: way, pass } = unable(['a', 'b']);
      way.connects = 'yes';
      standsAlone(first);
      await pass(10_000, 100);
      expect(selfCheck.of(first)).toBeUndefined();
    });

    it('end when the list of models is refused for another reason than the probe was, and in the end for the same, unless it is so everywhere', async () => {
      const other = unable(['a', 'b'], { paid });
      other.path.fails = 'not-found';
      other.failsAlone(first, 'server');
      await other.pass(10_000, 100);
      expect(other.selfCheck.of(first)).toBeUndefined();
      const same = unable(['a', 'b', 'c', 'd'], { paid });
      same.path.fails = 'auth';
      same.failsAlone(first, 'auth');
      await same.pass(200_000, 100);
      expect(same.selfCheck.of(first)).toBeUndefined();
      const everywhere = unable(['a', 'b', 'c', 'd'], { paid });
      everywhere.path.fails = 'auth';
      for (const id of ids) everywhere.failsAlone(id, 'auth');
      await everywhere.pass(400_000, 100);
      expect(everywhere.selfCheck.impaired).toBe(true);
      expect(everywhere.impaired).toEqual([true]);
    });
  });

  it('are settled by a probe when a model list is refused, for the same reason as the probe or for another', async () => {
    for (const listed of ['auth', 'not-found'] as const) {
      const {
        selfCheck,
        failsAlone: standsAlone,
        asked,
        path: way,
        pass,
      } = selfChecking(['a', 'b'], {
        paid: { worstNanoUsd: 1, instead: 'models' },
      });
      way.fails = listed;
      standsAlone(first, 'auth');
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      await pass(5_000, 100);
      expect(asked).toHaveLength(1);
      // oxlint-disable-next-line no-await-in-loop -- the same
      await pass(400_000, 500);
      expect(selfCheck.of(first)).toBeDefined();
    }
  });
});
