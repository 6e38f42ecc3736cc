import type { FleetPage, HoldPage, State } from '../ask/index.ts';
import { holdText } from '../show/hold-text.ts';
import { ageWords, inWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** What is odd about leases, records and pods. */
export function whyTargets(page: FleetPage): readonly Finding[] {
  const { pod, pods, probing_paused: paused = null, quarantined, targets } = page;
  const impaired = pods.filter((one) => one.impaired);
  return [
    ...(paused === null
      ? []
      : [
          {
            code: 'probing-paused',
            level: 'note',
            says: `Probing is paused: ${holdText(paused)}${decidedAt(paused)}`,
            todo: whenPaused,
          } as const,
        ]),
    ...targets.flatMap(({ model, target, hold = null }): Finding[] => {
      if (hold === null) return [];
      const name = model ?? target;
      const says = `An operator holds ${name}: ${holdText(hold)}${decidedAt(hold)}`;
      const todo = `Run allswell undrain ${name} when the reason no longer applies.`;
      return [{ code: 'target-held', level: 'note', says, todo }];
    }),
    ...leases(page),
    ...targets
      // Each of these is a finding of its own, and says why nothing newer is known.
      .filter(({ stale, flags = [] }) => stale && paused === null && !explained.some((flag) => flags.includes(flag)))
      .map(({ model, target, age_seconds: age }): Finding => {
        const says = `The evidence about ${model ?? target} is stale: the newest is ${ageWords(age)} old.`;
        return { code: 'stale-evidence', level: 'problem', says, todo: whenStale };
      }),
    ...targets
      .filter(({ local_only: localOnly }) => localOnly)
      .map(({ model, target }): Finding => {
        const says = `Only ${pod} fails to reach ${model ?? target}; the other pods reach it.`;
        return { code: 'only-this-pod-fails', level: 'problem', says, todo: lookAtPod };
      }),
    // The pod that was asked says so target by target.
    ...pods
      .filter(({ self, impaired: all, unreached = [] }) => !self && !all && unreached.length > 0)
      .map((one): Finding => {
        const says = `Only ${one.pod} fails to reach ${namesOf(one.unreached ?? [], targets)}; the other pods reach it.`;
        return { code: 'only-this-pod-fails', level: 'problem', says, todo: lookAtPod };
      }),
    ...impaired.map((one): Finding => {
      const says = `${one.pod} is impaired: it fails at half or more of its upstream hosts where other pods succeed, and does not probe for the fleet.`;
      return { code: 'pod-impaired', level: 'problem', says, todo: lookAtPod };
    }),
    ...quarantined.map(({ model, target }): Finding => {
      const says = `The record of ${model ?? target} cannot be read: it is damaged, or a newer version wrote it.`;
      return { code: 'record-unreadable', level: 'problem', says, todo: finishDeploy };
    }),
  ];
}

/** Models of some targets, three at most. */
function namesOf(ids: readonly string[], targets: FleetPage['targets']): string {
  if (ids.includes('*')) return 'its targets';
  const names = ids.map((id) => targets.find(({ target }) => target === id)?.model ?? id);
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return names.slice(0, MOST_NAMED).join(', ') + more;
}

function decidedAt({ at, until }: HoldPage): string {
  const since = at === undefined ? [] : [`since ${at}`];
  const told = until === null ? [...since, 'until an operator ends it'] : since;
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

/**
 * A lease is not a problem: it ends with its probe, or expires. It explains why nothing newer is known of a target that
 * waits for evidence. One of a pod that is gone is waited for.
 */
function leases({ leases: all, pods, targets, now }: FleetPage): readonly Finding[] {
  const waiting = new Set(targets.filter((one) => one.stale || waits.has(one.state)).map(({ target }) => target));
  return all.flatMap(({ target, model, pod, until }): Finding[] => {
    const end = `until ${until} (${inWords(until, now)})`;
    if (pods.length > 0 && !pods.some((one) => one.pod === pod)) {
      const says = `The lease of ${model ?? target} is held by ${pod}, which is no longer alive, ${end}.`;
      return [
        {
          code: 'lease-of-gone-pod',
          level: 'note',
          says,
          todo: 'None: another pod probes it after the lease expires.',
        },
      ];
    }
    if (!waiting.has(target)) return [];
    const says = `The lease of ${model ?? target} is held by ${pod} ${end}.`;
    return [{ code: 'lease-held', level: 'note', says, todo: whenHeld }];
  });
}

const MOST_NAMED = 3;

const explained = ['budget-spent', 'probe-rejected'] as const;

const waits: ReadonlySet<State> = new Set<State>(['unknown', 'suspect']);

const whenHeld = 'None: a probe is running. The lease ends after the probe.';

const whenStale =
  'Check the findings above first. Then check that the model does not opt out of background checks, that probing is not paused, and that all pods run.';

const whenPaused = 'Run allswell probing resume when the reason no longer applies.';

const lookAtPod = 'Check that pod, not the upstream: network, DNS, proxy, egress rules, file descriptors.';

const finishDeploy = "Finish the deploy, or delete the target's field from the Redis hash of records.";
