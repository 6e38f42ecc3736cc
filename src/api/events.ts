import type { State } from '../health/index.ts';
import type { HoldBody } from './holds.ts';
import type { TargetBody } from './target.ts';
import type { Mode } from './verdict.ts';

/** The data of each event of `GET /fleet/events`, by the event's name. */
export interface FleetEvents {
  readonly snapshot: SnapshotEvent;
  readonly 'verdict-changed': VerdictEvent;
  readonly 'hold-changed': HoldEvent;
  readonly 'probing-changed': ProbingEvent;
  readonly 'cooldowns-changed': CooldownsEvent;
  readonly 'mode-changed': ModeEvent;
}

/** The whole view, without the records behind it. */
export interface SnapshotEvent {
  readonly pod: string;
  readonly fleet: string;
  readonly mode: Mode;
  readonly now: string;
  readonly targets: readonly TargetBody[];
}

/** The state of a target changed. */
export interface VerdictEvent extends TargetBody {
  readonly now: string;
  readonly from: State;
  readonly to: State;
}

/** A hold of a target began or ended. */
export interface HoldEvent extends TargetBody {
  readonly now: string;
}

/** Probing was paused or resumed. */
export interface ProbingEvent {
  readonly now: string;
  /** Null: resumed. */
  readonly paused: HoldBody | null;
}

/** LiteLLM cooldowns were restricted by an operator, or are no longer. */
export interface CooldownsEvent {
  readonly now: string;
  /** Null: each pod follows its configuration. */
  readonly restriction: HoldBody | null;
}

/** The pod's mode changed. */
export interface ModeEvent {
  readonly now: string;
  readonly mode: Mode;
}
