/** Redis keys of a fleet. One hash tag, so that all of them are in one slot of a cluster. */
export interface FleetKeys {
  readonly records: string;
  readonly leases: string;
  readonly pods: string;
  readonly holds: string;
  readonly budget: string;
  readonly history: string;
  readonly limits: string;
  readonly alerts: string;
  readonly channel: string;
}

export function fleetKeys(fleet: string): FleetKeys {
  const tag = `allswell:{${fleet}}`;
  return {
    records: `${tag}:records`,
    leases: `${tag}:leases`,
    pods: `${tag}:pods`,
    holds: `${tag}:holds`,
    budget: `${tag}:budget`,
    history: `${tag}:history`,
    limits: `${tag}:limits`,
    alerts: `${tag}:alerts`,
    channel: `${tag}:push`,
  };
}

/** Time after the last heartbeat of any pod until a fleet's keys expire. */
export const KEYS_LIFE_MS: number = 7 * 24 * 3_600_000;
