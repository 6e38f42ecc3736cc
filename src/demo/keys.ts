import { SLOW_SECONDS } from './order.ts';
import type { Order } from './order.ts';
import type { Snapshot, TargetShot } from './observe/snapshot.ts';

/** Action of a key. `quit` ends the demo; undefined: the key has no action. */
export type KeyAnswer = Order | { readonly kind: 'quit' } | undefined;

/** Keys and their actions, for the last lines of the screen. */
export const keyHelp: readonly (readonly [key: string, meaning: string])[] = [
  ['k', 'kill last prober'],
  ['f', 'fail a model'],
  ['s', 'slow a model'],
  ['n', 'cut one network'],
  ['r', 'stop Redis'],
  ['h', 'hang Redis'],
  ['d', 'drain a model'],
  ['p', 'pause probing'],
  ['b', 'all back'],
  ['q', 'quit'],
];

/**
 * Order of a key. A key that caused a fault removes it when pressed again. The next press takes the next model in the
 * list.
 *
 * @param presses how often this key was pressed before
 */
export function orderForKey(key: string, shot: Snapshot, presses: number): KeyAnswer {
  switch (key) {
    case 'k':
      return shot.pods.some(({ life }) => life === 'down') ? back('pods') : { kind: 'kill-prober' };
    case 'f':
      return forModel('failing', shot, (model) => ({ kind: 'fail', model }), presses);
    case 's':
      return forModel('slow', shot, (model) => ({ kind: 'slow', model, seconds: SLOW_SECONDS }), presses);
    case 'n':
      return shot.pods.some(({ network }) => network === 'cut')
        ? back('network')
        : { kind: 'cut-network', pod: 'busiest' };
    case 'r':
      return isAway(shot) ? back('redis') : { kind: 'stop-redis' };
    case 'h':
      return isAway(shot) ? back('redis') : { kind: 'hang-redis' };
    case 'd':
      return forDrain(shot, presses);
    case 'p':
      return { kind: shot.probing === 'paused' ? 'resume' : 'pause' };
    case 'b':
      return back('everything');
    case 'q':
    case '\u0003':
      return { kind: 'quit' };
    default:
      return undefined;
  }
}

function back(kind: 'everything' | 'pods' | 'network' | 'redis'): Order {
  return { kind: 'bring-back', what: { kind } };
}

function isAway({ redis }: Snapshot): boolean {
  return redis === 'stopped' || redis === 'hung';
}

function forDrain({ targets }: Snapshot, presses: number): Order | undefined {
  const drained = targets.find(({ hold }) => hold === 'drain');
  if (drained !== undefined) return { kind: 'undrain', model: drained.name };
  const next = nextOf(targets, presses);
  return next && { kind: 'drain', model: next.name };
}

/** Every other press removes a fault, so half of the presses took a model. */
function nextOf(free: readonly TargetShot[], presses: number): TargetShot | undefined {
  return free[Math.floor(presses / 2) % Math.max(1, free.length)];
}

function forModel(
  trouble: 'failing' | 'slow',
  { targets }: Snapshot,
  order: (model: string) => Order,
  presses: number,
): Order | undefined {
  const broken = targets.find((target) => target.fault === trouble);
  if (broken !== undefined) return { kind: 'bring-back', what: { kind: 'model', model: broken.name } };
  const next = nextOf(
    targets.filter((target) => target.fault === 'none'),
    presses,
  );
  return next && order(next.name);
}
