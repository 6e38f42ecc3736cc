import { addNote } from '../problems/index.ts';
import type { Findings } from '../problems/index.ts';
import type { FleetHealthSettings } from '../schema/index.ts';
import type { StatusPageSettings } from '../types.ts';
import { follow } from '../yaml/index.ts';
import type { Node } from '../yaml/index.ts';

/** The public status page; null if the file has none. */
export function readStatusPage({ status_page: page }: FleetHealthSettings): StatusPageSettings | null {
  if (page === undefined) return null;
  const { groups, title = 'Status', show_holds: holds } = page;
  return { groups: [...new Set(groups)], title, holds: holds === true ? 'shown' : 'hidden' };
}

/** A group of the page without a deployment is probably misspelt: the page shows it as unknown for ever. */
export function noteUnknownStatusGroups(
  root: Node,
  { page, names }: { page: FleetHealthSettings['status_page']; names: readonly string[] },
  findings: Findings,
): void {
  for (const [at, group] of (page?.groups ?? []).entries()) {
    if (names.includes(group)) continue;
    const path = ['fleet_health', 'status_page', 'groups', at];
    const is = 'is not a model group: the status page shows it as unknown';
    addNote(findings, 'warn', { location: follow(root, path).location, path, is });
  }
}
