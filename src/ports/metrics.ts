import type { ProbeReason, FailureClass, Level } from '../health/index.ts';

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
  | 'read-text'
  | 'retract-results'
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
