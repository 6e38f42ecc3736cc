import type { Finding } from './finding.ts';
import type { NamedPage, NamedTarget as Target } from './named-page.ts';
import { sinceOf, witnessesOf } from './why-states.ts';

/** What the flags of targets say, and what probes change of their body. */
export function whyFlags({ targets, leases }: NamedPage): readonly Finding[] {
  return targets.flatMap((target) => [
    ...(target.flags ?? []).flatMap((flag) => {
      const finding = findings[flag];
      if (finding === undefined) return [];
      // Why it is down is a finding of its own.
      return flag === 'rate-limited' && target.state !== 'degraded'
        ? []
        : [finding(target, leases.find((one) => one.target === target.target)?.pod)];
    }),
    ...adapted(target),
  ]);
}

/** By flag, with the pod that probes. A newer pod may have others. */
const findings: Readonly<Record<string, (target: Target, prober: string | undefined) => Finding>> = {
  unconfirmed: (target) => ({
    code: 'unconfirmed',
    level: 'problem',
    says: `${target.name} is down, but only one pod host saw the failures; the other pods did not probe in time.`,
    todo: 'Find out why the other pods do not probe it: background checks, file descriptors, other findings here.',
  }),
  'probe-rejected': (target) => ({
    code: 'probe-rejected',
    level: 'problem',
    says: `The upstream rejects the probe of ${target.name}, so its state comes from older evidence: ${rejectionOf(target)}`,
    todo: 'Correct model_info.health_check_params or the deployment; a LiteLLM bridge does not publish it until then.',
  }),
  'rate-limited': (target) => ({
    code: 'rate-limited',
    level: 'note',
    target: target.target,
    says: `${target.name} is degraded${sinceOf(target)} because its upstream rate-limits: ${target.why}${witnessesOf(target)}.`,
    todo: `Raise the limit or send less traffic. The next probe is due ${nextLook(target)}; allswell explain ${target.word} shows the evidence.`,
  }),
  slow: (target, prober) => ({
    code: 'slow',
    level: 'note',
    target: target.target,
    says: `${target.name} answers far more slowly than usual, or not at all: ${target.why}${prober === undefined ? '' : `; ${prober} probes it`}.`,
    todo: 'Check the upstream, and the network of the pod that probes it. The flag clears when the upstream answers; else the probe fails with a timeout.',
  }),
};

function adapted(target: Target): readonly Finding[] {
  const change = target.record?.adapted;
  if (change === undefined) return [];
  const { parameter, renamedTo } = change;
  const sent = renamedTo === undefined ? 'probes omit it' : `probes send ${renamedTo} instead`;
  const says = `The upstream of ${target.name} rejects ${parameter}: ${sent}.`;
  return [{ code: 'probe-adapted', level: 'note', says, todo: whenAdapted }];
}

const whenAdapted = 'Nothing to do: this note disappears when the upstream accepts the probe as configured.';

/** Pods honour Retry-After where the upstream sent one; another host probes once all the same, for its limit may differ. */
function nextLook({ record, next_due_at: due }: Target): string {
  const at = due === null ? '' : ` (now planned at ${due})`;
  return record?.overload?.quietMs === undefined
    ? `soon, then at growing intervals${at}`
    : `when Retry-After ends, at the latest${at}`;
}

function rejectionOf({ record }: Target): string {
  const { status, message = 'no reason given' } = record?.rejected ?? {};
  return status === undefined ? message : `HTTP ${status}: ${message}`;
}
