import type { FleetTarget } from '../../src/fleet/index.ts';
import type { Level, Policy, TargetId } from '../../src/health/index.ts';
import type { Budget } from '../../src/ports/index.ts';
import type { SeededRandom } from './seeded-random.ts';

const GROUP_SIZE = 4;
const HOSTS = 6;

/** A configuration pods can run: two of them during a rolling deploy. */
export interface Deploy {
  readonly targets: readonly FleetTarget[];
  /** Groups of interchangeable targets. */
  readonly groups: readonly (readonly TargetId[])[];
  /** Targets that are probed in the background; the others on demand. */
  readonly background: ReadonlySet<TargetId>;
  /** Probe level of its pods. */
  readonly level: Level;
  readonly intervalMs: number;
  readonly policy: Policy;
  readonly hash: string;
  readonly budget: Budget;
}

/** An old configuration, and a new one with fewer targets, another policy and perhaps another interval. */
export function makeDeploys(
  random: SeededRandom,
  all: readonly TargetId[],
  budget: Budget | undefined,
): readonly [Deploy, Deploy] {
  const intervalMs = random.pick([5_000, 10_000, 20_000, 30_000]);
  const newIntervalMs = random.pick([intervalMs, intervalMs * 2]);
  const some = all.filter(() => random.chance(0.8));
  const onDemand = random.chance(0.3) ? 0.2 : 0;
  const background = new Set(all.filter(() => !random.chance(onDemand)));
  const old = { hash: 'old', intervalMs, policy: { rise: 1, fall: 2, edgeIntervalMs: 5_000 }, budget };
  const next = { hash: 'new', intervalMs: newIntervalMs, policy: { rise: 2, fall: 3, edgeIntervalMs: 3_000 }, budget };
  return [deploy(all, background, old), deploy(some, background, next)];
}

function deploy(
  ids: readonly TargetId[],
  probed: ReadonlySet<TargetId>,
  { budget, ...settings }: Pick<Deploy, 'hash' | 'intervalMs' | 'policy'> & { readonly budget: Budget | undefined },
): Deploy {
  const targets = ids.map((id, i): FleetTarget => ({
    id,
    holdKey: `${id}`,
    name: `t${i}`,
    level: 'inference',
    intervalMs: settings.intervalMs,
    timeoutMs: 30_000,
    upstreamHost: `h${i % HOSTS}`,
    background: probed.has(id),
    deployments: 1,
    ...(budget && { paid: { worstNanoUsd: 100, instead: 'models' } }),
  }));
  const groups = Array.from({ length: Math.ceil(ids.length / GROUP_SIZE) }, (_, i) =>
    ids.slice(i * GROUP_SIZE, (i + 1) * GROUP_SIZE),
  );
  return {
    ...settings,
    level: 'inference',
    budget: budget ?? {},
    targets,
    groups,
    background: new Set(ids.filter((id) => probed.has(id))),
  };
}
