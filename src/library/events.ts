import type { State } from '../health/index.ts';
import type { FleetMode } from '../ports/index.ts';

/** The state of an upstream changed: by the fleet's verdict, or an operator's hold. */
export interface ChangeEvent {
  /** The groups that it serves. */
  readonly groups: readonly string[];
  /** Name of the upstream, such as `openai/gpt-4o`. */
  readonly deployment: string;
  readonly target: string;
  readonly state: State;
  readonly before: State;
  /** Epoch ms. */
  readonly since: number | null;
  /** One line. */
  readonly why: string;
}

/** The store was lost or is back: `shared`, `fallback` without it, `independent` where none was given. */
export interface MemberModeEvent {
  readonly mode: FleetMode;
}

/** With `observeOnly`: another upstream than the caller's would have been used. */
export interface AdviceEvent {
  readonly group: string;
  /** The upstream that the caller's URL named; null where it named none of the group. */
  readonly used: string | null;
  readonly better: string;
  /** One line. */
  readonly why: string;
}

/** Events by their names. */
export interface MemberEvents {
  readonly change: ChangeEvent;
  readonly mode: MemberModeEvent;
  readonly advice: AdviceEvent;
}

/** Calls listeners; one that throws does not keep the others from being called. */
export interface Emitter {
  on<K extends keyof MemberEvents>(name: K, listener: (event: MemberEvents[K]) => void): () => void;
  emit<K extends keyof MemberEvents>(name: K, event: MemberEvents[K]): void;
}

/** `failed` gets what a listener threw. */
export function createEmitter(failed: (error: unknown) => void): Emitter {
  const listeners = new Map<keyof MemberEvents, Set<(event: never) => void>>();
  return {
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      // One function may be added more than once.
      const one = (event: never): void => listener(event);
      set.add(one);
      return () => void set.delete(one);
    },
    emit: (name, event) => {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(event as never);
        } catch (error) {
          failed(error);
        }
      }
    },
  };
}
