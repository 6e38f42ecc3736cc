import { addNote, addProblem } from '../problems/index.ts';
import type { Findings } from '../problems/index.ts';
import type { FleetHealthSettings } from '../schema/index.ts';
import type { GroupObjective } from '../types.ts';
import { follow } from '../yaml/index.ts';
import type { Node } from '../yaml/index.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 30;

export interface ObjectivesInput {
  readonly root: Node;
  readonly slo: FleetHealthSettings['slo'];
  /** Model groups, in the order of the file. */
  readonly groups: readonly string[];
  /** Longest age of the history, ms. */
  readonly keptMs: number;
}

/** The objective of each model group that has one: its own, or that of all groups. */
export function readObjectives(
  { root, slo = {}, groups, keptMs }: ObjectivesInput,
  findings: Findings,
): readonly GroupObjective[] {
  const own = slo.groups ?? {};
  const at = (path: readonly string[]) => {
    const whole = ['fleet_health', 'slo', ...path];
    return { location: follow(root, whole).location, path: whole };
  };
  for (const [group, { availability = slo.availability }] of Object.entries(own)) {
    if (!groups.includes(group)) {
      addNote(findings, 'warn', { ...at(['groups', group]), is: 'is not a model group: the objective has no effect' });
    }
    // A wrong value is reported where it was read.
    const isSaid = follow(root, ['fleet_health', 'slo', 'groups', group, 'availability']).found;
    if (availability === undefined && !isSaid) {
      const expected = 'availability in per cent, here or for all groups in fleet_health.slo';
      addProblem(findings, { ...at(['groups', group]), is: 'has no availability', expected });
    }
  }
  noteLongWindows({ slo, keptMs }, at, findings);
  return [...new Set(groups)].flatMap((group) => {
    const { availability = slo.availability, window_days: days = slo.window_days ?? WINDOW_DAYS } = own[group] ?? {};
    return availability === undefined ? [] : [{ group, availability, windowMs: days * DAY_MS }];
  });
}

type Place = Parameters<typeof addNote>[2];

/** What is older than the history is unknown, and no time makes it known. */
function noteLongWindows(
  { slo, keptMs }: { readonly slo: NonNullable<FleetHealthSettings['slo']>; readonly keptMs: number },
  at: (path: readonly string[]) => Omit<Place, 'is'>,
  findings: Findings,
): void {
  const windows = [
    { path: ['window_days'], days: slo.window_days },
    ...Object.entries(slo.groups ?? {}).map(([group, { window_days: days }]) => ({
      path: ['groups', group, 'window_days'],
      days,
    })),
  ];
  for (const { path, days } of windows) {
    if (days === undefined || days * DAY_MS <= keptMs) continue;
    const is = `is longer than the history of ${Math.floor(keptMs / DAY_MS)} days: what is older stays unknown. Raise fleet_health.history.age`;
    addNote(findings, 'warn', { ...at(path), is });
  }
}
