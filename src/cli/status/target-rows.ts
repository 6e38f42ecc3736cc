import { counted } from '../../health/index.ts';
import type { NameableTarget } from '../../api/index.ts';
import type { Look } from '../../terminal/index.ts';
import type { FleetPage, State } from '../ask/index.ts';
import { heldState, holdText } from '../show/hold-text.ts';
import { marksOf } from '../show/marks.ts';
import { namePods, podNamesIn } from '../show/pod-names.ts';
import type { Cell } from '../show/table.ts';
import { groupsOf, placeText, targetName } from '../show/target-name.ts';
import { ageWords, inWords } from '../show/times.ts';

type Target = FleetPage['targets'][number];

/** From this number on, targets that are up share a line per group. */
const FOLDED_FROM = 30;
/** Lines of groups whose targets are up. */
const MOST_GROUPS = 20;

/** `folded`: many targets that are up share lines; `all`: each target has its own. */
export type TargetDetail = 'folded' | 'all';

/** Rows of the table of targets, worst first. */
export function targetRows(page: FleetPage, detail: TargetDetail): readonly (readonly Cell[])[] {
  const names = podNamesIn(page);
  const isWell = (target: Target): boolean =>
    target.state === 'up' && (target.hold ?? null) === null && marksOf(target).length === 0;
  const well = page.targets.filter(isWell);
  const folded = detail === 'folded' && well.length >= FOLDED_FROM;
  const shown = folded ? page.targets.filter((target) => !isWell(target)) : page.targets;
  const sorted = shown.toSorted((a, b) => rankOf(a) - rankOf(b));
  return [...sorted.map((target) => targetRow(target, page, names)), ...(folded ? groupRows(well) : [])];
}

const STALE_UP = 'up, stale';
const worstFirst = ['down', 'suspect', 'degraded', 'unknown', STALE_UP, 'drained', 'held up', 'up'];

function rankOf(target: Target): number {
  const { state, hold = null } = target;
  return worstFirst.indexOf(isStaleUp(target) ? STALE_UP : (heldState(hold) ?? state));
}

/** One row per group; a target of several groups counts in its first one. */
function groupRows(targets: readonly Target[]): readonly (readonly Cell[])[] {
  const byGroup = Map.groupBy(targets, (target) => groupsOf(target.deployments)[0] ?? nameOf(target));
  const groups = [...byGroup];
  const rows = groups.slice(0, MOST_GROUPS).map(([group, all]): Cell[] => {
    const ages = all.flatMap(({ age_seconds: age }) => age ?? []);
    const oldest = ages.length === 0 ? '' : `at most ${ageWords(Math.max(...ages))} ago`;
    return [{ text: '  up', look: 'good' }, `${group}: ${counted(all.length, 'target')}`, '', oldest];
  });
  const left = groups.slice(MOST_GROUPS).flatMap(([, all]) => all).length;
  if (left === 0) return rows;
  const more = `${counted(groups.length - MOST_GROUPS, 'more group')}: ${counted(left, 'target')}`;
  return [...rows, [{ text: '  up', look: 'good' }, more]];
}

const states: readonly State[] = ['up', 'degraded', 'suspect', 'down', 'unknown'];
const shownStates = [...states, 'drained', 'held up'] as const;
const looks: Readonly<Record<State, Look>> = {
  up: 'good',
  degraded: 'wary',
  suspect: 'wary',
  down: 'bad',
  unknown: 'faint',
};

/** Up by evidence that is too old to rely on. */
function isStaleUp({ state, stale, hold = null }: Target): boolean {
  return state === 'up' && stale && hold === null;
}

function isFailingHeldUp({ state, hold = null }: Target): boolean {
  return state === 'down' && hold?.kind === 'hold-up';
}

function countOf(targets: FleetPage['targets'], is: (target: Target) => boolean): number {
  return targets.filter(is).length;
}

/** Counts by state, as `: 2 up, 1 drained`. */
export function summary(targets: FleetPage['targets']): string {
  const words = targets.map(({ state, hold = null }) => heldState(hold) ?? state);
  const counts = shownStates.map((state) => ({ state, count: words.filter((word) => word === state).length }));
  const doubtful = { up: countOf(targets, isStaleUp), 'held up': countOf(targets, isFailingHeldUp) };
  const parts = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => {
      if (state === 'up' && doubtful.up > 0) return `${count} up (${doubtful.up} stale)`;
      if (state === 'held up' && doubtful[state] > 0) return `${count} held up (${doubtful[state]} whose probes fail)`;
      return `${count} ${state}`;
    });
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function nextLook({ lease, next_due_at: due }: FleetPage['targets'][number], now: string): string {
  if (lease !== null) return 'probing now';
  if (due === null) return '';
  const lateMs = Date.parse(now) - Date.parse(due);
  return lateMs >= 1_000 ? `overdue ${ageWords(lateMs / 1_000)}` : `due ${inWords(due, now)}`;
}

/** As `allswell check` prints it. */
export function nameOf({ target, model, deployments }: NameableTarget): string {
  return targetName(model ?? target, groupsOf(deployments));
}

/** What is wrong comes with its reason; of what is well the age says enough. */
function targetRow(
  target: FleetPage['targets'][number],
  { now }: FleetPage,
  names: ReadonlyMap<string, string>,
): Cell[] {
  const { state, record, age_seconds: age, why, hold = null } = target;
  const held = hold === null ? [] : [`${holdText(hold)} (probes: ${state})`];
  const marks = marksOf(target).filter((mark) => mark !== 'stale' || !isStaleUp(target));
  // The reason of an unbilled check says that it replaces a paid probe.
  const isPlain = state === 'up' && record?.last.overBudget === undefined;
  const flags = marks.length === 0 ? '' : `[${marks.join(', ')}] `;
  const text = [...held, ...(isPlain && marks.length === 0 ? [] : [flags + why])].join('; ');
  return [
    stateCell(target),
    nameOf(target),
    placeText(target),
    age === null ? 'never' : `${ageWords(age)} ago`,
    namePods(names)(record?.last.pod ?? ''),
    nextLook(target, now),
    text,
  ];
}

function stateCell(target: Target): Cell {
  const { state, hold = null } = target;
  if (isFailingHeldUp(target)) return { text: '  held up', look: 'bad' };
  const word = isStaleUp(target) ? STALE_UP : heldState(hold);
  return { text: `  ${word ?? state}`, look: word === undefined ? looks[state] : 'wary' };
}
