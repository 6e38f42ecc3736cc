import type { FleetMetrics } from '../ports/index.ts';

/** A library exports no metrics of its own: what an application measures is its own matter. */
export const quietMetrics: FleetMetrics = {
  probed: () => {},
  storeCommand: () => {},
  storeError: () => {},
  propagated: () => {},
  staleCommit: () => {},
  resynced: () => {},
  leaseLost: () => {},
};
