import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, modelNames, rowsOf, startSampler, startsOf, summary } from './harness/index.ts';
import type { Sample, TestFleet } from './harness/index.ts';

const LIMIT_MS = 250;
const models = modelNames(10);
// Half of them fail in a way that one answer proves, half in a way that wants a second witness.
const proven = models.slice(0, 5);

it('a change of a verdict is in the /health of every pod within 250 ms of the answer that decided it', async (test) => {
  const fleet = await fleetFor(test, { pods: 3, models });
  await allMet(fleet, 3);
  await allJudged(fleet);
  const watch = new Watch();
  const sampler = startSampler({ pods: fleet.pods, everyMs: 5, look: (sample) => watch.look(sample) });
  const delays = [
    ...(await change(fleet, watch, { to: 'down', answers: (model) => (proven.includes(model) ? 1 : 2) })),
    ...(await change(fleet, watch, { to: 'up', answers: () => 1 })),
  ];
  await sampler.stop();
  console.log(`from the deciding answer to /health of each pod: ${summary(delays)}`);
  expect(delays).toHaveLength(20 * fleet.pods.length);
  expect(Math.max(...delays)).toBeLessThanOrEqual(LIMIT_MS);
});

interface Change {
  readonly to: 'down' | 'up';
  /** How many answers after the change decide. */
  readonly answers: (model: string) => number;
}

/** Changes all models at once; answers how long each change took to reach each pod. */
async function change(fleet: TestFleet, watch: Watch, { to, answers }: Change): Promise<number[]> {
  const counts = new Map(models.map((model) => [model, startsOf(fleet.upstream, model).length]));
  for (const model of models) {
    const failing = { kind: 'status', status: proven.includes(model) ? 401 : 500 } as const;
    fleet.upstream.set(model, to === 'down' ? failing : { kind: 'ok' });
  }
  const places = models.flatMap((model) => fleet.pods.map((pod) => ({ model, pod: pod.name })));
  const allSeen = (): boolean => places.every(({ model, pod }) => watch.seen(pod, model, to) !== undefined);
  await until(allSeen, { withinMs: 20_000, what: `${to} for every model in every pod` });
  return places.map(({ model, pod }) => {
    const decided = fleet.upstream.model(model).probes.ends[(counts.get(model) ?? 0) + answers(model) - 1] ?? 0;
    return (watch.seen(pod, model, to) ?? 0) - decided;
  });
}

/** When each pod first showed each state of each model. */
class Watch {
  readonly #first = new Map<string, number>();

  look({ pod, body, answeredAt }: Sample): void {
    for (const { model, state } of rowsOf(body)) {
      const name = `${pod.name} ${model} ${state}`;
      // `up` counts from `down` on: before that it was the beginning.
      if (state === 'up' && !this.#first.has(`${pod.name} ${model} down`)) continue;
      if (!this.#first.has(name)) this.#first.set(name, answeredAt);
    }
  }

  seen(pod: string, model: string, state: string): number | undefined {
    return this.#first.get(`${pod} openai/${model} ${state}`);
  }
}
