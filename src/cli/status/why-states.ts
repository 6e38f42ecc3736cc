import { LITELLM_WITNESS, reporterOf } from '../../health/index.ts';
import type { Finding } from './finding.ts';
import type { NamedPage, NamedTarget as Target } from './named-page.ts';

/**
 * Every target that is not up, with cause, action and documentation. What only the pod asked fails to reach, and what an
 * operator holds, are findings of their own.
 */
export function whyStates({ targets, probing_paused: paused = null }: NamedPage): readonly Finding[] {
  return targets.flatMap((target): Finding[] => {
    const { state, hold = null, local_only: localOnly, flags = [] } = target;
    if (hold !== null || localOnly) return [];
    // A finding of its own says that the upstream rejects its probes, and what to do.
    if (state === 'unknown' && flags.includes('probe-rejected')) return [];
    switch (state) {
      case 'up':
        // Its failures wait for a probe of another pod, which does not come.
        return paused !== null && isUnconfirmed(target) ? [unconfirmedFinding(target)] : [];
      // It has the flag `rate-limited` or `slow`, whose finding says why.
      case 'degraded':
        return [];
      case 'suspect':
        return [findingOf(target, { code: 'target-suspect', level: 'problem' })];
      case 'down':
        return [findingOf(target, { code: 'target-down', level: 'problem' })];
      case 'unknown':
        return [findingOf(target, { code: 'target-not-judged', level: 'note' })];
    }
  });
}

function findingOf(target: Target, kind: Pick<Finding, 'code' | 'level'>): Finding {
  const { target: id, state, why, name, word } = target;
  const says =
    state === 'unknown'
      ? `${name} was not judged yet: ${why}.`
      : `${name} is ${state}${sinceOf(target)}: ${why}${witnessesOf(target)}.`;
  return { ...kind, target: id, says, todo: `${adviceOn(target)} allswell explain ${word} shows the evidence.` };
}

/** The newest evidence is a failure, and the state is the one before it. */
function isUnconfirmed({ record }: Target): boolean {
  return record?.run?.kind === 'failed';
}

function unconfirmedFinding(target: Target): Finding {
  const { name, word } = target;
  const says = `${name} counts as up, but fails: ${target.why}${witnessesOf(target)}. No probe confirms it, because probing is paused.`;
  const todo = `Run allswell probing resume, or allswell check --model ${word}, which probes once. ${adviceOn(target)} allswell explain ${word} shows the evidence.`;
  return { code: 'target-suspect', level: 'problem', target: target.target, says, todo };
}

/**
 * Since when, as ` since <time>`; nothing where that is not known. A failure is dated by the start of its request. For a
 * timeout that is long before the state changed, so the text names it.
 */
export function sinceOf({ since, state, record, flags }: Target): string {
  if (since === null) return '';
  const failing = (state === 'suspect' || state === 'down') && !(flags ?? []).includes('rate-limited');
  const late = failing && record?.run?.kind === 'failed' && record.failureRun?.class === 'timeout';
  return ` since ${since}${late ? ' (start of the first failed request)' : ''}`;
}

/** Which pods saw it, as ` (seen by <pods>)`. */
export function witnessesOf({ record, flags }: Target): string {
  const limited = (flags ?? []).includes('rate-limited');
  const signs = record?.run?.kind === 'failed' && !limited ? record.failureRun : record?.overload;
  const pods = signs?.witnesses?.map(witnessName) ?? [];
  return pods.length === 0 ? '' : ` (seen by ${pods.join(', ')})`;
}

function witnessName({ pod, host = pod }: { readonly pod: string; readonly host?: string }): string {
  if (host === LITELLM_WITNESS) return 'LiteLLM';
  const reporter = reporterOf(host);
  return reporter === undefined ? pod : `the reporter ${reporter}`;
}

function adviceOn(target: Target): string {
  const { state, record, flags } = target;
  if (state === 'unknown') return whenUnknown;
  // Answers that ask for less can take a target down beside an older run of failures.
  const failing = record?.run?.kind === 'failed' && !(flags ?? []).includes('rate-limited');
  const name = failing ? record.failureRun?.class : 'overloaded';
  const advice = byClass[name ?? ''] ?? 'Check the upstream.';
  return state === 'suspect'
    ? `The next probe, by another pod or this one, decides${planned(target)}. ${advice}`
    : advice;
}

function planned({ lease, next_due_at: due }: Target): string {
  if (lease !== null) return ' (running now)';
  return due === null ? '' : ` (due at ${due})`;
}

const whenUnknown =
  'Wait for its first probe. If none comes, check that background checks are on, that the model does not opt out, and that probing is not paused.';

/** By the class of the failure. */
const byClass: Readonly<Record<string, string>> = {
  network: 'Check the upstream and the network to it: DNS, firewall, TLS.',
  timeout: 'The upstream hangs, or answers more slowly than health_check_timeout: check it.',
  server: 'The upstream answers with errors: check its log or status page.',
  overloaded: 'Raise the rate limit, or send less traffic.',
  quota: 'The account of this key has no credit or quota left: raise it.',
  auth: 'Correct the key or its rights; a new key is probed at once.',
  'not-found': 'The upstream has no such model or deployment: correct model and api_base.',
};
