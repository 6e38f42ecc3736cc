/** What an operator can do. */
export type Action = 'check' | 'drain' | 'hold-up' | 'undo' | 'pause' | 'resume';

/** How an action is offered, confirmed and sent. */
export interface ActionWords {
  readonly label: string;
  readonly title: string;
  readonly effect: string;
  /** `required`: a reason and a duration are asked for. `none`: the action takes neither. */
  readonly reason: 'required' | 'optional' | 'none';
  readonly done: string;
}

export const actionWords: Readonly<Record<Action, ActionWords>> = {
  check: {
    label: 'Check now',
    title: 'Check now?',
    effect: 'Sends one probe, unless there is evidence younger than 10 s. A probe can cost money.',
    reason: 'none',
    done: 'checked',
  },
  drain: {
    label: 'Drain…',
    title: 'Take it out of traffic?',
    effect: 'No pod sends requests to it until the hold ends. Probes go on.',
    reason: 'required',
    done: 'drained',
  },
  'hold-up': {
    label: 'Hold up…',
    title: 'Count it as up?',
    effect: 'Every pod sends requests to it until the hold ends, whatever its probes find.',
    reason: 'required',
    done: 'held up',
  },
  undo: {
    label: 'End hold…',
    title: 'End the hold?',
    effect: 'Its probes decide again, in every pod.',
    reason: 'optional',
    done: 'hold ended',
  },
  pause: {
    label: 'Pause probing…',
    title: 'Pause scheduled probes of the whole fleet?',
    effect: 'No pod probes on schedule until the pause ends. States grow old; checks on request still run.',
    reason: 'required',
    done: 'probing is paused',
  },
  resume: {
    label: 'Resume probing…',
    title: 'Resume scheduled probes?',
    effect: 'All pods probe on schedule again.',
    reason: 'optional',
    done: 'probing is resumed',
  },
};

/** Durations of holds, as the endpoint takes them; without one a hold does not end by itself. */
export const durations: readonly (readonly [until: string, label: string])[] = [
  ['15m', '15 minutes'],
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['1d', '1 day'],
  ['7d', '7 days'],
  ['', 'until it is ended by hand'],
];

/**
 * Path of the endpoint of an action.
 *
 * @example
 * pathOf('undo', '2d45a9') // '/fleet/targets/2d45a9/undrain'
 */
export function pathOf(action: Action, target: string): string {
  if (action === 'pause' || action === 'resume') return `/fleet/probing/${action}`;
  return `/fleet/targets/${target}/${action === 'undo' ? 'undrain' : action}`;
}
