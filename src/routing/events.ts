import type { FailureClass, TargetId } from '../health/index.ts';

/** Cause of a local ejection. */
export type EjectionCause = 'window' | 'allowed-fails' | 'failed-trial';

/**
 * End of a local ejection:
 *
 * - `half-open`: its time has passed; one trial at a time.
 * - `trial-passed`: a request succeeded.
 * - `confirmed-up`: the fleet has newer evidence that the target is up.
 * - `verdict-down`: the fleet's verdict replaced it.
 * - `removed`: the configuration no longer has it.
 * - `cooldowns-off`: the configuration no longer allows it.
 */
export type EjectionEnd = 'half-open' | 'trial-passed' | 'confirmed-up' | 'verdict-down' | 'removed' | 'cooldowns-off';

/** Events of routing, for logs and metrics. Calls must return at once. None has a text that was received. */
export interface RoutingEvents {
  /** This pod avoids the target from now on; `deployment` is present where it avoids only that one. */
  ejected(ejection: {
    readonly target: TargetId;
    readonly deployment?: string;
    readonly cause: EjectionCause;
    readonly class: FailureClass;
    /** HTTP status of the last failure, where there was an answer. */
    readonly status?: number;
    readonly forMs: number;
  }): void;
  /** It no longer avoids it. After `half-open` there is another end, or another ejection. */
  ejectionEnded(ejection: { readonly target: TargetId; readonly deployment?: string; readonly why: EjectionEnd }): void;
  /**
   * Nothing of the group and its fallbacks is routable, so requests go to deployments that are not. `ended`: a request found a routable
   * one again. `quiet`: no more requests come, so it is not known.
   */
  panic(panic: { readonly group: string; readonly phase: 'began' | 'ended' | 'quiet' }): void;
  /** The retry budget refused an attempt. */
  retryRefused(group: string): void;
}
