import type {
  CooldownsEvent,
  FleetEvents,
  HoldEvent,
  ModeEvent,
  ProbingEvent,
  VerdictEvent,
} from '../../src/api/index.ts';
import { shownState, words } from './states.ts';
import type { Shown } from './states.ts';

/** One change as a row of the list of events. */
export interface EventRow {
  readonly key: number;
  readonly at: string;
  readonly kind: Exclude<keyof FleetEvents, 'snapshot'> | 'connection';
  /** Target id, if it is about one. */
  readonly target: string | null;
  readonly subject: string;
  readonly text: string;
  /** State after it, if it is about a target. */
  readonly state: Shown | null;
}

/** A row without its number; undefined for an event that this version does not know. */
export function rowOf(event: string, body: unknown): Omit<EventRow, 'key'> | undefined {
  switch (event) {
    case 'verdict-changed': {
      const { now, from, to, why, model, target, ...rest } = body as VerdictEvent;
      const text = `${words[from]} → ${words[to]}: ${why}`;
      return { at: now, kind: event, target, subject: model ?? target, text, state: shownState(rest) };
    }
    case 'hold-changed': {
      const { now, hold, state, model, target } = body as HoldEvent;
      const text = hold === null ? 'hold ended' : `${hold.kind} by ${hold.by}: ${hold.reason}`;
      return { at: now, kind: event, target, subject: model ?? target, text, state: shownState({ state, hold }) };
    }
    case 'probing-changed': {
      const { now, paused } = body as ProbingEvent;
      const text = paused === null ? 'resumed' : `paused by ${paused.by}: ${paused.reason}`;
      return { at: now, kind: event, target: null, subject: 'Probing', text, state: null };
    }
    case 'cooldowns-changed': {
      const { now, restriction } = body as CooldownsEvent;
      const text =
        restriction === null
          ? 'follow the configuration'
          : `${restriction.kind} by ${restriction.by}: ${restriction.reason}`;
      return { at: now, kind: event, target: null, subject: 'LiteLLM cooldowns', text, state: null };
    }
    case 'mode-changed': {
      const { now, mode } = body as ModeEvent;
      return { at: now, kind: event, target: null, subject: 'This pod', text: `mode ${mode}`, state: null };
    }
    default:
      return undefined;
  }
}
