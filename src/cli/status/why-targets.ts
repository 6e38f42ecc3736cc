import type { State } from '../ask/index.ts';
import { inWords } from '../show/times.ts';
import type { Finding } from './finding.ts';
import { nameOfId } from './named-page.ts';
import type { NamedPage } from './named-page.ts';
import { whyStale } from './why-stale.ts';

/** What is odd about leases, records and pods. */
export function whyTargets(page: NamedPage, all: readonly NamedPage[]): readonly Finding[] {
  const { pod, pods, quarantined, targets } = page;
  const impaired = pods.filter((one) => one.impaired);
  // Their own pages name the errors, too.
  const tellThemselves = new Set(
    all.flatMap((one) => (one.targets.some(({ local_only: localOnly }) => localOnly) ? [one.pod] : [])),
  );
  return [
    ...leases(page),
    ...whyStale(page),
    ...onlyHere(pod, targets),
    // The pod that was asked also says with which error.
    ...pods
      .filter((one) => !one.self && !one.impaired && !tellThemselves.has(one.pod))
      .filter(({ unreached = [] }) => unreached.length > 0)
      .map((one): Finding => {
        const unreached = namesOf(one.unreached ?? [], targets);
        const says = `Only ${one.pod} fails to reach ${unreached}; other pods succeed there.`;
        return { code: 'only-this-pod-fails', level: 'problem', says, todo: lookAtPod };
      }),
    ...impaired.map((one): Finding => {
      const says = `${one.pod} is impaired: it fails at half or more of its upstream hosts where other pods succeed, and does not probe for the fleet.`;
      return { code: 'pod-impaired', level: 'problem', says, todo: lookAtPod };
    }),
    ...quarantined.map(({ model, target }): Finding => {
      const says = `The record of ${nameOfId(page, target, model)} cannot be read: it is damaged, or another version wrote it.`;
      return { code: 'record-unreadable', level: 'problem', says, todo: finishDeploy };
    }),
  ];
}

/** Models of some targets, three at most. */
function namesOf(ids: readonly string[], targets: NamedPage['targets']): string {
  if (ids.includes('*')) return 'its targets';
  const names = ids.map((id) => targets.find(({ target }) => target === id)?.name ?? id);
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return names.slice(0, MOST_NAMED).join(', ') + more;
}

/** One cause in the pod itself is one finding, with the error at each target. */
function onlyHere(pod: string, targets: NamedPage['targets']): readonly Finding[] {
  const alone = targets.filter(({ local_only: localOnly }) => localOnly);
  if (alone.length === 0) return [];
  const errors = alone.map(({ name, why }) => `${name} (${why.replace(saysOnlyHere, '')})`);
  const more = errors.length > MOST_NAMED ? ` and ${errors.length - MOST_NAMED} more` : '';
  const says = `Only ${pod} fails to reach ${errors.slice(0, MOST_NAMED).join(', ')}${more}; other pods succeed there.`;
  return [{ code: 'only-this-pod-fails', level: 'problem', says, todo: lookAtPod }];
}

/** Begins the reason of such a verdict, which the finding says itself. */
const saysOnlyHere = /^only this pod fails, other pods reach it: /;

/**
 * A lease is not a problem: it ends with its probe, or expires. It explains why nothing newer is known of a target that
 * waits for evidence, such as one of a pod that is gone.
 */
function leases(page: NamedPage): readonly Finding[] {
  const { leases: all, pods, targets, now } = page;
  const waiting = new Set(targets.filter((one) => one.stale || waits.has(one.state)).map(({ target }) => target));
  return all.flatMap(({ target, model, pod, until }): Finding[] => {
    if (!waiting.has(target)) return [];
    const end = `until ${until} (${inWords(until, now)})`;
    if (pods.length > 0 && !pods.some((one) => one.pod === pod)) {
      const says = `The lease of ${nameOfId(page, target, model)} is held by ${pod}, which is no longer alive, ${end}.`;
      return [
        {
          code: 'lease-of-gone-pod',
          level: 'note',
          says,
          todo: 'Nothing to do: another pod probes it after the lease expires.',
        },
      ];
    }
    const says = `The lease of ${nameOfId(page, target, model)} is held by ${pod} ${end}.`;
    return [{ code: 'lease-held', level: 'note', says, todo: whenHeld }];
  });
}

const MOST_NAMED = 3;

const waits: ReadonlySet<State> = new Set<State>(['unknown', 'suspect']);

const whenHeld = 'Nothing to do: a probe is running, and the lease ends with it.';

const lookAtPod = 'Check that pod, not the upstream: network, DNS, egress rules, file descriptors.';

const finishDeploy = "Finish the deploy, or delete the target's field from the Redis hash of records.";
