import { groupsOf } from '../show/target-name.ts';
import { heldState } from '../show/hold-text.ts';
import type { FleetPage } from '../ask/index.ts';
import type { PodReport } from './pod-report.ts';

/** Which targets are shown; empty lists select all. */
export interface StatusFilter {
  /** Model groups. */
  readonly groups: readonly string[];
  /** States, also `drained` and `held-up`. */
  readonly states: readonly string[];
}

/** True if the filter selects all targets. */
export function isOpen({ groups, states }: StatusFilter): boolean {
  return groups.length + states.length === 0;
}

/** The reports with the selected targets and their leases only. */
export function filtered(reports: readonly PodReport[], filter: StatusFilter): readonly PodReport[] {
  if (isOpen(filter)) return reports;
  return reports.map((report) =>
    report.kind === 'answered' ? { ...report, page: pageOf(report.page, filter) } : report,
  );
}

function pageOf(page: FleetPage, { groups, states }: StatusFilter): FleetPage {
  const targets = page.targets.filter(({ deployments, state, hold = null }) => {
    const word = (heldState(hold) ?? state).replace(' ', '-');
    const isOfGroup = groups.length === 0 || groupsOf(deployments).some((group) => groups.includes(group));
    return isOfGroup && (states.length === 0 || states.includes(word));
  });
  const shown = new Set(targets.map(({ target }) => target));
  return { ...page, targets, leases: page.leases.filter(({ target }) => shown.has(target)) };
}
