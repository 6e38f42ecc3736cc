import type { Observation, TargetId } from '../health/index.ts';
import type {
  FleetEvent,
  FleetMode,
  HoldKey,
  ProbeResult,
  StoreLoss,
  StoreMeta,
  StoredRecord,
} from '../ports/index.ts';
import type { SelfCheckProbeReply } from './evidence/index.ts';
import type { FleetTarget } from './options.ts';
import type { Job } from './probing/index.ts';

/** A report of a part. Parts never call the parts above them: `reactions/reactions.ts` lists the reactions. */
export type Signal =
  | { readonly kind: 'store-answered'; readonly meta: StoreMeta; readonly seqWhenSent: number }
  | { readonly kind: 'store-clock-jumped'; readonly byUs: number }
  | { readonly kind: 'store-unreachable'; readonly loss: StoreLoss }
  | { readonly kind: 'store-reachable' }
  | { readonly kind: 'record-quarantined'; readonly target: TargetId; readonly stored: StoredRecord }
  | { readonly kind: 'event-applied'; readonly event: FleetEvent }
  | { readonly kind: 'resynced'; readonly after: 'data-loss' | 'gap' }
  | { readonly kind: 'mode-changed'; readonly mode: FleetMode }
  | { readonly kind: 'members-changed' }
  | { readonly kind: 'heartbeat-sent' }
  | { readonly kind: 'hold-changed'; readonly key: HoldKey }
  | { readonly kind: 'self-check-changed'; readonly target: TargetId }
  | { readonly kind: 'impaired-changed'; readonly impaired: boolean }
  | {
      readonly kind: 'self-check-probe-requested';
      readonly target: FleetTarget;
      readonly reply: (reply: SelfCheckProbeReply) => void;
    }
  | { readonly kind: 'saved-state-changed' }
  | {
      readonly kind: 'probe-answered';
      readonly job: Job;
      readonly probe: Observation;
      readonly sent: ProbeResult['sent'];
    }
  | { readonly kind: 'probe-inconclusive'; readonly job: Job; readonly why: string; readonly sent: ProbeResult['sent'] }
  | { readonly kind: 'probe-slot-freed' }
  | { readonly kind: 'commit-settled'; readonly target: TargetId }
  | { readonly kind: 'target-changed'; readonly target: TargetId };

export type Emit = (signal: Signal) => void;

/** One reaction per kind of signal. */
export type Reactions = { readonly [K in Signal['kind']]: (signal: Extract<Signal, { kind: K }>) => void };

/** Passes signals from the parts to the reactions, synchronously and in order. */
export class Signals {
  #reactions: Reactions | undefined;

  readonly emit: Emit = (signal) => {
    const react = this.#reactions?.[signal.kind] as Emit | undefined;
    react?.(signal);
  };

  connect(reactions: Reactions): void {
    this.#reactions = reactions;
  }
}
