import { otherForm } from '../ask/index.ts';
import { namedPage } from './named-page.ts';
import { namePods, podNamesIn } from '../show/pod-names.ts';
import { pagesOf } from './pod-report.ts';
import type { PodReport } from './pod-report.ts';
import type { Finding } from './finding.ts';
import { compareFleets, compareMembers } from './why-pods-differ.ts';
import { whyAlerts } from './why-alerts.ts';
import { whyEvents } from './why-events.ts';
import { whyFlags } from './why-flags.ts';
import { whyBudget } from './why-budget.ts';
import { whyBridge } from './why-bridge.ts';
import { whyCooldowns } from './why-cooldowns.ts';
import { whyLitellmCooldowns } from './why-litellm-cooldowns.ts';
import { whyNotShared } from './why-not-shared.ts';
import { whyLagging } from './why-lagging.ts';
import { whyHeld } from './why-held.ts';
import { whyRequests } from './why-requests.ts';
import { whyStates } from './why-states.ts';
import { whyStore } from './why-store.ts';
import { whyTargets } from './why-targets.ts';

/** Every symptom that the pods' answers show: what stands in the way of sharing first, then what follows from it. */
export function findWhy(reports: readonly PodReport[]): readonly Finding[] {
  const silent = reports.flatMap((report): Finding[] => {
    if (report.kind === 'answered') return [];
    return [{ code: 'pod-unreachable', level: 'problem', says: report.why, todo: adviceOn(report.why) }];
  });
  const pages = pagesOf(reports).map(namedPage);
  const all = [
    ...silent,
    ...pages.flatMap(whyNotShared),
    ...reports.flatMap((report) =>
      report.kind === 'answered' && report.alerts !== undefined ? whyAlerts(report.alerts) : [],
    ),
    ...pages.flatMap(whyStore),
    ...compareFleets(pages),
    ...pages.flatMap((page) => compareMembers(page, pages)),
    ...pages.flatMap(whyLagging),
    ...pages.flatMap(whyStates),
    ...pages.flatMap(whyHeld),
    ...pages.flatMap((page) => whyTargets(page, pages)),
    ...pages.flatMap(whyRequests),
    ...pages.flatMap(whyFlags),
    ...pages.flatMap(whyBudget),
    ...pages.flatMap(whyBridge),
    ...pages.flatMap(whyEvents),
    ...pages.flatMap(whyCooldowns),
    ...pages.flatMap(whyLitellmCooldowns),
  ];
  // Pods of one fleet see the same leases and the same records, each a moment after another.
  const told = new Set<string>();
  const name = namePods(new Map(pages.flatMap((page) => Array.from(podNamesIn(page)))));
  const named = all.map((one) => ({ ...one, says: name(one.says), todo: name(one.todo) }));
  return named.filter(({ code, says, target }) => {
    const what = `${code} ${target ?? says}`;
    return !told.has(what) && told.add(what);
  });
}

function adviceOn(why: string): string {
  if (why.startsWith('no pod answers')) return 'Check that the pod runs, and that its port is reachable from here.';
  if (why.includes(otherForm)) return 'The command and the pod are of different versions.';
  if (/ key\b/.test(why)) return 'Give the master key of that pod.';
  return 'Check that the address is that of an allswell pod.';
}
