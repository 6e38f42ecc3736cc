import type { State } from '../../ports/index.ts';
import type { Snapshot, TargetShot } from '../observe/snapshot.ts';
import { cell, rightCell, span } from './line.ts';
import type { Span } from './line.ts';
import type { Look } from '../../terminal/index.ts';
import { ageOf, latencyOf } from './words.ts';

const looks: Readonly<Record<State, Look>> = {
  up: 'good',
  degraded: 'wary',
  suspect: 'wary',
  down: 'bad',
  unknown: 'faint',
};

/** A table of targets: state, age of the evidence, and the pod that found it. */
export function targetLines({ targets }: Snapshot, width: number): Span[][] {
  const names = Math.max(6, ...targets.map(({ name }) => name.length)) + 2;
  const serves = Math.max(6, ...targets.map((target) => target.serves.join(', ').length)) + 2;
  const withWhy = width >= 100;
  const head = [
    cell('TARGET', names, 'faint'),
    cell('SERVES', serves, 'faint'),
    cell('STATE', 9, 'faint'),
    rightCell('AGE', 5, 'faint'),
    span('  '),
    cell('BY', 9, 'faint'),
    rightCell('TOOK', 8, 'faint'),
    span(withWhy ? '  WHY' : '', 'faint'),
  ];
  const row = (target: TargetShot): Span[] => [
    cell(target.name, names, 'strong'),
    cell(target.serves.join(', '), serves),
    stateOf(target),
    rightCell(ageOf(target.ageMs), 5, target.isStale ? 'wary' : 'plain'),
    span('  '),
    probedBy(target),
    rightCell(latencyOf(target.latencyMs), 8),
    span(withWhy && target.state !== 'up' ? `  ${target.why}` : '', 'faint'),
  ];
  return [head, ...targets.map(row)];
}

const heldWords: Readonly<Record<string, string>> = { drain: 'drained', 'hold-up': 'held up' };

/** The effective state: the hold if there is one, else the probed state. */
function stateOf({ state, isStale, hold }: TargetShot): Span {
  if (hold !== null) return cell(heldWords[hold] ?? hold, 9, 'wary');
  return cell(isStale ? `${state}*` : state, 9, looks[state]);
}

/** The pod that is probing, or the one that probed last. */
function probedBy({ by, probing }: TargetShot): Span {
  return probing === null ? cell(by ?? '–', 9) : cell(`${probing} …`, 9, 'busy');
}
