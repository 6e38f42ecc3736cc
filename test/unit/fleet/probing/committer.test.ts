import { describe, expect, it } from 'vitest';
import {
  factsOf,
  failedProbe,
  fleetTarget,
  hangingStore,
  storeWith,
  testUpstream,
  testWorld,
} from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import { parseRecord } from '../../../../src/health/index.ts';
import type { TargetRecord } from '../../../../src/health/index.ts';
import type { CommitInput } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetTarget } from '../../../../src/fleet/options.ts';

interface Commit {
  readonly atMs: number;
  readonly input: CommitInput;
}

/** One pod whose commits are listed. */
function publishing(targets: readonly FleetTarget[] = [fleetTarget()], { pushed } = { pushed: true }) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const commits: Commit[] = [];
  const inner = world.memory.open();
  const listed = storeWith(inner, {
    commit: (input) => {
      commits.push({ atMs: world.clock.monotonicMs(), input });
      return inner.commit(input);
    },
    subscribe: async (listener) => await inner.subscribe(pushed ? listener : { ...listener, event: () => undefined }),
  });
  const hanging = hangingStore(world.clock, listed);
  const fleet = createFleet(world.options({ store: hanging.store, prober: upstream, targets, maxProbesPerHost: 16 }));
  fleet.start();
  return { ...world, upstream, commits, hanging, fleet };
}

function stored({ memory }: TestWorld, target: string): TargetRecord {
  const parsed = parseRecord(memory.texts('records').get(target) ?? '');
  if (parsed.kind !== 'record') throw new Error(`no record of ${target}`);
  return parsed.record;
}

const id = fleetTarget().id;

describe('evidence on its way to the store', () => {
  it('is sent at once when it is urgent: a first verdict, a failure, a recovery', async () => {
    const { upstream, commits, pass } = publishing();
    await pass(3_000);
    upstream.failure = { class: 'server', message: 'boom' };
    await pass(14_000);
    upstream.failure = undefined;
    await pass(14_000);
    const sent = commits.map(({ atMs, input }) => {
      const { run, last } = input.commits[0]!.facts;
      return { kind: run.kind, waitedMs: atMs - (last.answeredAt / 1000 - 1_800_000_000_000) };
    });
    const urgent = sent.filter(({ kind }, i) => kind !== sent[i - 1]?.kind);
    expect(urgent.map(({ kind }) => kind)).toEqual(['ok', 'failed', 'ok']);
    for (const { waitedMs } of urgent) expect(waitedMs).toBeLessThanOrEqual(10);
  });

  it('waits for company when it is a refresh, but not for longer than a second', async () => {
    // Five targets at one phase, and one a little later.
    const ids = ['80000000a', '80000000b', '80000000c', '80000000d', '80000000e', '8a000000f'];
    const { commits, pass } = publishing(ids.map((one) => fleetTarget({ id: one, intervalMs: 20_000 })));
    await pass(15_000);
    commits.length = 0;
    await pass(20_000);
    expect(commits).toHaveLength(1);
    expect(commits[0]!.input.commits).toHaveLength(6);
    const oldest = Math.min(...commits[0]!.input.commits.map(({ facts }) => facts.last.answeredAt));
    expect(commits[0]!.atMs - (oldest / 1000 - 1_800_000_000_000)).toBeLessThanOrEqual(1_010);
  });

  it('leaves when ten have come together', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `80000000${i.toString(16).padStart(2, '0')}`);
    const { commits, pass } = publishing(ids.map((one) => fleetTarget({ id: one, intervalMs: 20_000 })));
    await pass(15_000);
    commits.length = 0;
    await pass(20_000);
    expect(commits.map(({ input }) => input.commits.length)).toEqual([10, 10]);
  });

  it('is computed again on what another pod wrote meanwhile: both failures count', async () => {
    const world = publishing();
    const { upstream, pass, memory, storeNow, fleet } = world;
    await pass(8_000);
    upstream.tookMs = 1_000;
    upstream.failure = { class: 'server', message: 'boom' };
    const before = stored(world, id);
    await pass(8_000 - 500);
    // While the probe runs, a pod that was cut off offers what it saw.
    const seenAt = before.evidenceAt + 1_000_000;
    const facts = factsOf(before.facts.last, failedProbe(seenAt, { class: 'server' }, { pod: 'pod_b' }));
    const offered = { target: id, expectedVersion: before.version, evidenceAt: seenAt, nextDueAt: storeNow(), facts };
    const other = memory.open();
    const answer = await other.commit({ pod: 'pod_b', notAfter: storeNow(), newEpoch: 'e', commits: [offered] });
    expect(answer).toMatchObject({ value: [{ kind: 'ok' }] });
    await pass(3_000);
    const after = stored(world, id).facts;
    expect(after.failureRun?.witnesses.map(({ pod }) => pod)).toEqual(['pod_b', 'pod_a']);
    expect(after.failureRun?.length).toBe(2);
    expect(fleet.target(id)?.state).toBe('down');
  });

  it('is recomputed at once from the record in a conflict, without a push', async () => {
    const world = publishing([fleetTarget()], { pushed: false });
    const { upstream, pass, memory, storeNow } = world;
    await pass(8_000);
    upstream.tookMs = 1_000;
    upstream.failure = { class: 'server', message: 'boom' };
    const before = stored(world, id);
    await pass(8_000 - 500);
    const seenAt = before.evidenceAt + 1_000_000;
    const facts = factsOf(before.facts.last, failedProbe(seenAt, { class: 'server' }, { pod: 'pod_b' }));
    const offered = { target: id, expectedVersion: before.version, evidenceAt: seenAt, nextDueAt: storeNow(), facts };
    const commits = [offered];
    await memory.open().commit({ pod: 'pod_b', notAfter: storeNow(), newEpoch: 'e', commits });
    const probes = upstream.probes.length;
    for (let ms = 0; ms < 3_000 && stored(world, id).facts.failureRun?.length !== 2; ms += 10) await pass(10);
    expect(stored(world, id).facts.failureRun?.witnesses.map(({ pod }) => pod)).toEqual(['pod_b', 'pod_a']);
    expect(upstream.probes, 'by the probe that was running, not by another one').toHaveLength(probes);
  });

  it('stays with its pod while the store is silent, and is offered when it is back', async () => {
    const world = publishing();
    const { upstream, pass, hanging, fleet } = world;
    await pass(8_000);
    const before = stored(world, id).version;
    upstream.tookMs = 3_000;
    upstream.failure = { class: 'auth', message: 'wrong key' };
    await pass(7_500);
    hanging.hung = true;
    await pass(4_000);
    expect(fleet.target(id)?.state, 'its own eyes').toBe('down');
    expect(stored(world, id).version).toBe(before);
    hanging.hung = false;
    await pass(4_000);
    expect(stored(world, id).facts.failureRun).toMatchObject({ class: 'auth', witnesses: [{ pod: 'pod_a' }] });
    expect(fleet.target(id)?.state).toBe('down');
  });

  it('is dated by the start of its probe wherever it is shown (readers stamp old results as new)', async () => {
    const world = publishing();
    world.upstream.tookMs = 2_000;
    const reader = createFleet(
      world.options({ pod: 'pod_reader', store: world.memory.open(), targets: [fleetTarget({ background: false })] }),
    );
    reader.start();
    await world.pass(60_000, 50);
    const startMs = world.upstream.probes.at(-1)!.atMs;
    for (let i = 0; i < 5; i += 1) {
      await world.pass(500);
      for (const pod of [world.fleet, reader]) {
        const last = world.upstream.probes.at(-1)!.atMs;
        const shown = pod.target(id)!.ageMs!;
        expect(shown).toBeGreaterThanOrEqual(world.clock.monotonicMs() - Math.max(startMs, last));
      }
    }
  });
});
