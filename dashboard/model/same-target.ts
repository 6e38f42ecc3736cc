import type { FleetTargetBody } from '../../src/api/index.ts';

/** Fields that a row shows. The age is left out: it follows from the time of the check. */
const fields = [
  'state',
  'effective',
  'stale',
  'why',
  'local_only',
  'since',
  'checked_at',
  'next_due_at',
  'model',
  'version',
  'upstream_host',
  'region',
] as const;

/** True if two answers say the same about a target. */
export function sameTarget(a: FleetTargetBody, b: FleetTargetBody): boolean {
  return (
    fields.every((field) => a[field] === b[field]) &&
    (['hold', 'lease', 'flags', 'deployments'] as const).every(
      (field) => JSON.stringify(a[field]) === JSON.stringify(b[field]),
    ) &&
    a.record?.last.at === b.record?.last.at
  );
}
