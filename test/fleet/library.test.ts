import { it } from 'vitest';
import { joinFleet, openai } from '../../src/library/index.ts';
import type { FleetMember } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import { isProof } from '../support/proof.ts';
import { seeded } from '../support/routing.ts';
import { allMet, fleetFor, observe, SECRETS } from './harness/index.ts';
import type { TestFleet } from './harness/index.ts';

// Processes with the library, gateways and a bridge share one Redis. Whatever happens in between, all have the same verdicts.

const MODELS = ['one', 'two'] as const;
const STEPS = 14;
const WITHIN_MS = 40_000;

it.for(isProof ? [1, 2, 3, 4, 5] : [1])(
  'library, gateways and a bridge agree after whatever happened, seed %i',
  { timeout: 180_000 },
  async (seed, test) => {
    const fleet = await fleetFor(test, { pods: [{}, {}, { command: 'bridge' }], models: [...MODELS], interval: 2 });
    const members: FleetMember<'one' | 'two'>[] = [];
    test.onTestFinished(async () => void (await Promise.all(members.map(async (one) => await one.leave()))));
    for (let i = 0; i < 3; i += 1) members.push(await joined(fleet));
    await allMet(fleet, 6);
    await agreement(fleet, members, { one: 'up', two: 'up' });

    const random = seeded(seed);
    const truth: Record<string, 'up' | 'down'> = { one: 'up', two: 'up' };
    const steps: readonly (() => Promise<void>)[] = [
      async () => {
        const model = random.next() < 0.5 ? 'one' : 'two';
        truth[model] = random.next() < 0.5 ? 'up' : 'down';
        fleet.upstream.set(model, truth[model] === 'up' ? { kind: 'ok' } : { kind: 'status', status: 500 });
      },
      async () => await traffic(members, random),
      async () => await traffic(members, random),
      async () => {
        const [left] = members.splice(Math.floor(random.next() * members.length), 1);
        await left?.leave();
        members.push(await joined(fleet));
      },
      async () => {
        fleet.redis.pause();
        await traffic(members, random);
        fleet.redis.resume();
      },
      async () => void (await observe(500)),
    ];
    for (let i = 0; i < STEPS; i += 1) await steps[Math.floor(random.next() * steps.length)]!();
    await agreement(fleet, members, truth);
  },
);

/** Joins with the same upstreams as the gateways have in their configuration. */
async function joined({ redis, upstream }: TestFleet): Promise<FleetMember<'one' | 'two'>> {
  const of = (model: string): ReturnType<typeof openai> =>
    openai({ model, baseUrl: upstream.apiBase, apiKey: SECRETS.upstreamKey });
  return await joinFleet({
    redis: `redis://:${SECRETS.redisPassword}@127.0.0.1:${redis.port}`,
    targets: { one: [of('one')], two: [of('two')] },
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
}

async function traffic(
  members: readonly FleetMember<'one' | 'two'>[],
  random: ReturnType<typeof seeded>,
): Promise<void> {
  for (let i = 0; i < 10; i += 1) {
    const member = members[Math.floor(random.next() * members.length)]!;
    const group = random.next() < 0.5 ? 'one' : 'two';
    const body = JSON.stringify({ model: group, messages: [] });
    await (await member.fetch(group)('/chat/completions', { method: 'POST', body })).text();
  }
}

/** Waits until every gateway, the bridge and every process have these verdicts. */
async function agreement(
  { pods }: TestFleet,
  members: readonly FleetMember<'one' | 'two'>[],
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  let seen: unknown;
  const agreed = async (): Promise<boolean> => {
    const ofPods = await Promise.all(
      pods.map(async (pod) => {
        const { targets } = await pod.fleet();
        return Object.fromEntries(
          MODELS.map((name) => [name, targets.find(({ model }) => model?.endsWith(name))?.state]),
        );
      }),
    );
    const ofMembers = members.map((one) => Object.fromEntries(MODELS.map((name) => [name, one.state(name).state])));
    seen = { ofPods, ofMembers };
    return [...ofPods, ...ofMembers].every((states) => MODELS.every((name) => states[name] === wanted[name]));
  };
  await until(agreed, { withinMs: WITHIN_MS, what: 'agreement', everyMs: 100 }).catch((error: unknown) => {
    throw new Error(`no agreement: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`, { cause: error });
  });
}
