import { expect, it } from 'vitest';
import type { FleetStore, TargetsInput, TargetsKnown } from '../../../src/ports/index.ts';
import { until } from '../../../src/testing/until.ts';
import { beat, FOREVER, nowOf, ok, T1, T2, suite, type Suite } from './under-test.ts';

export const describeTargetLists: Suite = suite('target lists', (bench) => {
  it('are unknown until a member writes them, and then known to all members', async () => {
    expect(await shows(bench.a, 'a', 'p1')).toBe('unknown');
    expect(ok(await bench.b.readTargets('p1', 0))).toBeNull();
    expect(await brings(bench.a, { targets: [T1, T2] })).toBe('known');
    expect(await shows(bench.a, 'a', 'p1')).toBe('known');
    expect(await shows(bench.b, 'b', 'p1')).toBe('known');
    expect(ok(await bench.b.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T1, T2] });
    expect(ok(await bench.b.readTargets('p2', 0))).toBeNull();
  });

  it('are known once all pieces exist, written by any member in any order', async () => {
    await shows(bench.a, 'a', 'p1');
    await shows(bench.b, 'b', 'p1');
    expect(await brings(bench.a, { piece: 2, pieces: 3, targets: ['t2'] })).toBe('unknown');
    expect(await brings(bench.b, { pod: 'b', piece: 0, pieces: 3, targets: ['t0'] })).toBe('unknown');
    expect(await brings(bench.a, { piece: 0, pieces: 3, targets: ['t0'] })).toBe('unknown');
    expect(ok(await bench.b.readTargets('p1', 0))).toBeNull();
    expect(await shows(bench.a, 'a', 'p1')).toBe('unknown');
    expect(await brings(bench.b, { pod: 'b', piece: 1, pieces: 3, targets: ['t1'] })).toBe('known');
    expect(await shows(bench.a, 'a', 'p1')).toBe('known');
    for (const piece of [0, 1, 2]) {
      expect(ok(await bench.a.readTargets('p1', piece))).toEqual({ pieces: 3, targets: [`t${piece}`] });
    }
  });

  it('never consist of pieces that were cut in different ways', async () => {
    await shows(bench.a, 'a', 'p1');
    expect(await brings(bench.a, { piece: 0, pieces: 2, targets: [T1] })).toBe('unknown');
    expect(await brings(bench.a, { piece: 1, pieces: 3, targets: [T2] })).toBe('unknown');
    expect(await brings(bench.a, { piece: 2, pieces: 3, targets: [T2] })).toBe('unknown');
    expect(await brings(bench.a, { piece: 1, pieces: 2, targets: [T2] })).toBe('known');
    expect(ok(await bench.a.readTargets('p1', 0))).toEqual({ pieces: 2, targets: [T1] });
  });

  it('do not change once they are known', async () => {
    await shows(bench.a, 'a', 'p1');
    await brings(bench.a, { targets: [T1, T2] });
    expect(await brings(bench.a, { targets: [T1] })).toBe('known');
    expect(ok(await bench.b.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T1, T2] });
  });

  it('can be empty, and pieces can be full', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `${'0'.repeat(252)}${index + 1_000}`);
    await shows(bench.a, 'a', 'p1');
    await shows(bench.b, 'b', 'p2');
    expect(await brings(bench.a, { targets: [] })).toBe('known');
    expect(await brings(bench.b, { pod: 'b', targetsHash: 'p2', targets: many })).toBe('known');
    expect(ok(await bench.a.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [] });
    expect(ok(await bench.a.readTargets('p2', 0))).toEqual({ pieces: 1, targets: many });
  });

  it('are accepted only from live members with their hash', async () => {
    expect(await brings(bench.a, { targets: [T1] })).toBe('unknown');
    await shows(bench.a, 'a', 'p2');
    expect(await brings(bench.a, { targets: [T1] })).toBe('unknown');
    const gone = { ...beat({ pod: 'b', targetsHash: 'p1' }), ttlMs: 1 };
    ok(await bench.b.heartbeat(gone));
    const over = (await nowOf(bench.b)) + 1_000;
    await until(async () => (await nowOf(bench.b)) > over, { withinMs: 1_000, what: 'the membership to end' });
    expect(await brings(bench.b, { pod: 'b', targets: [T1] })).toBe('unknown');
    expect(await lists()).toEqual([]);
  });

  it('are removed with their pieces when no live member has their hash', async () => {
    await shows(bench.a, 'a', 'p1');
    await shows(bench.b, 'b', 'p1');
    await brings(bench.a, { targets: [T1] });
    await shows(bench.a, 'a', 'p2');
    await brings(bench.a, { targetsHash: 'p2', pieces: 2, targets: [T2] });
    expect(ok(await bench.a.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T1] });
    ok(await bench.b.leave({ pod: 'b', notAfter: FOREVER }));
    await shows(bench.a, 'a', 'p2');
    expect(ok(await bench.a.readTargets('p1', 0))).toBeNull();
    expect(await lists()).toEqual(['!targets:p2:0/2']);
    await shows(bench.a, 'a', 'p3');
    expect(await lists()).toEqual([]);
  });

  it('are unknown after the store lost its data', async () => {
    await shows(bench.a, 'a', 'p1');
    await brings(bench.a, { targets: [T1] });
    await bench.fleet.flush();
    expect(await brings(bench.a, { targets: [T1] })).toBe('unknown');
    expect(await shows(bench.a, 'a', 'p1')).toBe('unknown');
  });

  it('have no piece beyond the last one, and reading it changes nothing', async () => {
    await shows(bench.a, 'a', 'p1');
    await brings(bench.a, { targets: [T1] });
    expect(ok(await bench.a.readTargets('p1', 1))).toBeNull();
    expect(ok(await bench.a.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T1] });
  });

  it('are not accepted past notAfter', async () => {
    await shows(bench.a, 'a', 'p1');
    const notAfter = (await nowOf(bench.a)) - 1;
    expect(await bench.a.writeTargets({ ...input({ targets: [T1] }), notAfter })).toMatchObject({ kind: 'too-late' });
    expect(await lists()).toEqual([]);
  });

  it.each([
    ['a piece that is too long', { targets: Array.from({ length: 1_001 }, (_, index) => `t${index}`) }],
    ['a piece that is not one of them', { piece: 2, pieces: 2 }],
    ['half a piece', { piece: 0.5 }],
    ['too many pieces', { pieces: 1_001 }],
    ['an id that is no name', { targets: ['two words'] }],
    ['a print that is no name', { targetsHash: 'a:b' }],
  ])('are refused for %s', async (_, over) => {
    await shows(bench.a, 'a', 'p1');
    expect(await bench.a.writeTargets(input(over))).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
  });

  it.each(['many', '', '-1', '99999999999999999'])(
    'are written again if their number of pieces is "%s"',
    async (text) => {
      await shows(bench.a, 'a', 'p1');
      await brings(bench.a, { targets: [T1] });
      await bench.fleet.plant('pods', '!targets:p1', text);
      expect(ok(await bench.b.readTargets('p1', 0))).toBeNull();
      expect(await shows(bench.a, 'a', 'p1')).toBe('unknown');
      expect(await brings(bench.a, { targets: [T2] })).toBe('known');
      expect(ok(await bench.b.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T2] });
    },
  );

  it.each(['rub\nbish', '', '[a,b]', '[a'])('are written again after a pod read the piece "%s"', async (text) => {
    await shows(bench.a, 'a', 'p1');
    await brings(bench.a, { targets: [T1] });
    await bench.fleet.plant('pods', '!targets:p1:0/1', text);
    expect(await shows(bench.a, 'a', 'p1')).toBe('known');
    expect(ok(await bench.b.readTargets('p1', 0))).toBeNull();
    expect(await shows(bench.a, 'a', 'p1')).toBe('unknown');
    expect(await brings(bench.a, { targets: [T1] })).toBe('known');
    expect(ok(await bench.b.readTargets('p1', 0))).toEqual({ pieces: 1, targets: [T1] });
  });

  async function lists(): Promise<readonly string[]> {
    return [...(await bench.fleet.texts('pods')).keys()].filter((field) => field.startsWith('!targets:'));
  }
});

async function shows(store: FleetStore, pod: string, targetsHash: string): Promise<TargetsKnown> {
  return ok(await store.heartbeat(beat({ pod, targetsHash }))).targets;
}

async function brings(store: FleetStore, over: Partial<TargetsInput>): Promise<TargetsKnown> {
  return ok(await store.writeTargets(input(over)));
}

function input(over: Partial<TargetsInput>): TargetsInput {
  return { pod: 'a', notAfter: FOREVER, targetsHash: 'p1', piece: 0, pieces: 1, targets: [], ...over };
}
