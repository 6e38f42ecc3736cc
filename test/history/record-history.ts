import { until } from '../../src/testing/index.ts';
import { epochMs, observe } from '../fleet/harness/index.ts';
import { BOUNDS, INTERVAL_MS, LEASE_MS } from './bounds.ts';
import { drawPlan } from './faults/plan.ts';
import { play, startPod } from './faults/play.ts';
import type { Recorder } from './record/recorder.ts';
import { addModes, watchPods } from './record/watch-pods.ts';
import { watchStore } from './record/watch-store.ts';
import { watchUpstream } from './record/watch-upstream.ts';
import { MODELS, openStand, PLACES } from './stand/stand.ts';
import type { Stand } from './stand/stand.ts';
import type { TestStore } from './stand/store.ts';

const CALM_MS = 4 * INTERVAL_MS;

/** The store of a history, and the seed of its faults. */
export interface HistoryInput {
  readonly topology: string;
  readonly seed: number;
  readonly startStore: () => Promise<TestStore>;
}

/** Records one history: start of a fleet, every fault, and a time without faults. */
export async function recordHistory(recorder: Recorder, { topology, seed, startStore }: HistoryInput): Promise<void> {
  const store = await startStore();
  const upstreamWatch = watchUpstream(recorder);
  const stand = await openStand(store, upstreamWatch.onRequest);
  const at = epochMs();
  const watches = [watchStore(store, recorder), watchPods(stand, recorder)];
  try {
    await Promise.all(PLACES.map((place) => startPod(stand, recorder, place)));
    await allUp(stand);
    const ids = await targetIds(stand);
    const targetOf = (model: string): string => ids.get(model) ?? model;
    const targets = MODELS.map((model) => ({ id: targetOf(model), model }));
    recorder.add({ kind: 'begin', at, topology, seed, intervalMs: INTERVAL_MS, leaseMs: LEASE_MS, targets });
    upstreamWatch.begin({ stand, targetOf });
    await observe(INTERVAL_MS);
    await calm(recorder);
    const plan = drawPlan(
      seed,
      store.faults.map(({ fault }) => fault),
    );
    await play(plan, { stand, recorder, upstreamWatch, targetOf, seed });
    await observe(BOUNDS.truthMs);
    await calm(recorder);
  } finally {
    upstreamWatch.stop();
    await Promise.all(watches.map((watch) => watch.stop()));
    addModes(stand, recorder);
    recorder.attach('pods.log', stand.story());
    await stand.stop();
    await store.stop();
  }
}

async function calm(recorder: Recorder): Promise<void> {
  const span = await observe(CALM_MS);
  recorder.add({ kind: 'calm', ...span });
}

/** Every pod lists the others and has a verdict of every model. */
async function allUp(stand: Stand): Promise<void> {
  const look = async (): Promise<boolean> => {
    const bodies = await Promise.all(PLACES.map(async (place) => await stand.pod(place)?.fleet()));
    return bodies.every((body) => {
      return body?.pods.length === PLACES.length && body.targets.every(({ state }) => state === 'up');
    });
  };
  await until(look, {
    withinMs: 30_000,
    what: 'every pod to have met the others and to see all models up',
    everyMs: 100,
  });
}

async function targetIds(stand: Stand): Promise<ReadonlyMap<string, string>> {
  const body = await stand.pod(0)?.fleet();
  return new Map((body?.targets ?? []).map(({ deployments, target }) => [deployments[0]?.model_name ?? '', target]));
}
