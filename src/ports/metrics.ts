import type { ProbeReason, FailureClass, Level, ObservationSource, TrafficVerdict } from '../health/index.ts';

/** Store commands whose duration is measured. */
export type StoreCommand =
  | 'claim'
  | 'renew'
  | 'commit'
  | 'release'
  | 'heartbeat'
  | 'sample'
  | 'sweep'
  | 'read-leases'
  | 'read-records'
  | 'read-targets'
  | 'write-targets'
  | 'hold'
  | 'read-holds'
  | 'sweep-holds'
  | 'restore-counts'
  | 'read-money'
  | 'read-history'
  | 'lead-bridge'
  | 'resign-bridge'
  | 'publish-results'
  | 'read-fingerprint'
  | 'read-access'
  | 'read-text'
  | 'retract-results'
  | 'lease-limits'
  | 'give-back-limits'
  | 'lead-alerts'
  | 'write-alerts'
  | 'subscribe'
  | 'ping'
  | 'time';

/** Metrics of the protocol, exported to Prometheus. Labels never contain a key or a URL. */
export interface FleetMetrics {
  probed(probe: { reason: ProbeReason; class: FailureClass | 'ok' | 'none'; level: Level; durationMs: number }): void;
  storeCommand(command: StoreCommand, durationMs: number): void;
  storeError(command: StoreCommand, code: string): void;
  propagated(durationMs: number): void;
  staleCommit(): void;
  resynced(why: string): void;
  leaseLost(): void;
}

/** Text for Prometheus, and its media type. */
export interface Exposition {
  readonly text: string;
  readonly contentType: string;
}

/** Metrics of evidence from real traffic. */
export interface TrafficMetrics {
  /** `neutral`: a request that proves nothing about its target. */
  observed(source: ObservationSource, found: FailureClass | 'success' | 'neutral'): void;
  /** Events of one batch, by what became of them. */
  events(batch: { readonly accepted: number; readonly unknown: number; readonly ignored: number }): void;
  /** One verdict of a window was handed to the coordinator. */
  reported(verdict: TrafficVerdict): void;
}

/** Metrics of observations that other programs report. */
export interface ObservationMetrics extends Pick<TrafficMetrics, 'observed'> {
  /** Observations of one batch, by what became of them. */
  received(batch: { readonly accepted: number; readonly unknown: number; readonly ignored: number }): void;
}
