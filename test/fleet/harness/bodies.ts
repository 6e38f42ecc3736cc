import type { HealthBody, HealthRow } from '../../../src/api/index.ts';

/** All rows of a `/health` answer. */
export function rowsOf({ healthy_endpoints, unhealthy_endpoints, unknown_endpoints }: HealthBody): HealthRow[] {
  return [...healthy_endpoints, ...unhealthy_endpoints, ...unknown_endpoints];
}
