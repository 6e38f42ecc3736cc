import { parseRecord } from '../../../src/health/index.ts';
import type { FleetKey } from '../../../src/store/memory/index.ts';
import { Violation } from '../invariants/violation.ts';
import type { LastingWorld } from './lasting-world.ts';

/** Numbers at the limits of a timestamp. */
const EDGES: readonly string[] = [
  '0',
  '1',
  '-1',
  '0.5',
  '1e308',
  'NaN',
  '9007199254740991',
  '9007199254740992',
  '8999999999999999',
  '9000000000000000',
  '9000000000000001',
  '99999999999999999999',
];
const TEXTS: readonly string[] = ['', ' ', 'garbage', '{}', '[]', 'null', '1 2 3', '9000000000000000 pause 0 {}'];
const KEYS: readonly FleetKey[] = ['records', 'leases', 'pods', 'holds', 'budget', 'history'];
const MEMBER = 'pod_ghost';

/** Writes invalid data into keys of the fleet, until the plan's storm ends. */
export function scheduleGarbage(lasting: LastingWorld): void {
  const { world, plan } = lasting;
  const { garbageEveryMs } = plan;
  if (garbageEveryMs === undefined) return;
  const next = (): void => {
    if (world.time.now > plan.runMs / 2) return;
    plant(lasting);
    world.time.schedule(world.random.between(0, 2 * garbageEveryMs), next);
  };
  world.time.schedule(world.random.between(20_000, 40_000), next);
}

function plant(lasting: LastingWorld): void {
  const { world, plan } = lasting;
  const { random } = world;
  const key = random.pick(KEYS);
  const { id } = random.pick(plan.targets);
  const field = key === 'pods' ? MEMBER : key === 'holds' ? (random.chance(0.3) ? '!probing' : id) : id;
  const present = world.memory.texts(key).get(field);
  const atEdge = present !== undefined && random.chance(0.7);
  const text = atEdge ? withEdge(present, random.pick(EDGES), random.next()) : random.pick(TEXTS);
  world.note(atEdge ? 'lasting: extreme number in a key' : 'lasting: garbage in a key');
  plantText(lasting, { key, field, text });
}

/** Writes one text, and resets the histories: no pod wrote it. */
export function plantText(
  lasting: LastingWorld,
  { key, field, text }: { readonly key: FleetKey; readonly field: string; readonly text: string },
): void {
  const { world, liveness, rate, spoiled } = lasting;
  world.options.log?.(`${Math.round(world.time.now)} planted: ${key} ${field} ${text.slice(0, 120)}`);
  world.memory.plant(key, field, text);
  world.histories.reset();
  if (key !== 'records' && key !== 'leases') return;
  if (key === 'records') spoiled.set(field, world.time.now);
  liveness.disturbed(field);
  rate.disturbed(field);
  watchRepair(lasting, field);
}

/** Replaces one number in a text's header. */
function withEdge(text: string, edge: string, draw: number): string {
  const json = text.indexOf('{');
  const header = json < 0 ? text : text.slice(0, json);
  const parts = header.trimEnd().split(' ');
  const numbers = parts.flatMap((part, i) => (/^\d/.test(part) ? [i] : []));
  const at = numbers[Math.floor(draw * numbers.length)] ?? 0;
  parts[at] = edge;
  return parts.join(' ') + (json < 0 ? '' : ` ${text.slice(json)}`);
}

/** A record that does not parse is replaced by the next commit, however large its numbers are. */
function watchRepair({ world, plan, planned }: LastingWorld, field: string): void {
  if (!planned.has(field)) return;
  const brokenText = world.memory.texts('records').get(field) ?? '';
  const repairedWithinMs = 13 * plan.intervalMs + 60_000;
  world.time.schedule(repairedWithinMs, () => {
    if (world.faultTimes.quietForMs(['store', 'pod']) < repairedWithinMs) return;
    const looks = plan.podPlans.some(
      ({ level, background, path }) => level === 'inference' && background && path === undefined,
    );
    if (!looks || world.time.now > plan.runMs) return;
    world.guard(() => {
      world.check('liveness: garbage is repaired');
      const text = world.memory.texts('records').get(field) ?? '';
      if (parseRecord(text).kind === 'record' && text !== brokenText) return;
      throw new Violation(
        `liveness: garbage for ${field} was not repaired in ${repairedWithinMs} ms: ${text.slice(0, 100)}`,
      );
    });
  });
}
