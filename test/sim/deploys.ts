import type { Policy, TargetId } from '../../src/health/index.ts';
import type { FleetTarget } from '../../src/fleet/index.ts';
import type { SeededRandom } from './seeded-random.ts';

const GROUP_SIZE = 4;
const HOSTS = 6;

/** A configuration pods can run: two of them during a rolling deploy. */
export interface Deploy {
  readonly targets: readonly FleetTarget[];
  /** Targets that can stand in for each other. */
  readonly groups: readonly (readonly TargetId[])[];
  readonly policy: Policy;
  readonly print: string;
}

/** An old configuration, and a new one with fewer targets, another policy and perhaps another interval. */
export function makeDeploys(random: SeededRandom, all: readonly TargetId[]): readonly [Deploy, Deploy] {
  const intervalMs = random.pick([5_000, 10_000, 20_000, 30_000]);
  const some = all.filter(() => random.chance(0.8));
  const old = deploy('old', all, intervalMs, { rise: 1, fall: 2, edgeIntervalMs: 5_000 });
  const newIntervalMs = random.pick([intervalMs, intervalMs * 2]);
  return [old, deploy('new', some, newIntervalMs, { rise: 2, fall: 3, edgeIntervalMs: 3_000 })];
}

function deploy(print: string, ids: readonly TargetId[], intervalMs: number, policy: Policy): Deploy {
  const targets = ids.map((id, i): FleetTarget => ({
    id,
    place: `${id}`,
    name: `t${i}`,
    level: 'inference',
    intervalMs,
    timeoutMs: 30_000,
    host: `h${i % HOSTS}`,
    background: true,
    deployments: 1,
  }));
  const groups = Array.from({ length: Math.ceil(ids.length / GROUP_SIZE) }, (_, i) =>
    ids.slice(i * GROUP_SIZE, (i + 1) * GROUP_SIZE),
  );
  return { targets, groups, policy, print };
}
