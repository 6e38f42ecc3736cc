import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';
import type { NamedPage, NamedTarget } from './named-page.ts';

/** Targets whose evidence is too old to rely on. During a pause they are one finding, which names the cause. */
export function whyStale({ targets, probing_paused: paused = null }: NamedPage): readonly Finding[] {
  // Each of the flags is a finding of its own, and says why nothing newer is known.
  const stale = targets.filter(({ stale: is, flags = [] }) => is && !explained.some((flag) => flags.includes(flag)));
  if (stale.length === 0) return [];
  if (paused !== null) return [pausedFinding(stale)];
  return stale.map(({ name, age_seconds: age }) => {
    const says = `The evidence about ${name} is stale: the newest is ${ageWords(age)} old.`;
    return { code: 'stale-evidence', level: 'problem', says, todo: whenStale };
  });
}

function pausedFinding(stale: readonly NamedTarget[]): Finding {
  const names = stale.map(({ name }) => name);
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const oldest = Math.max(...stale.map(({ age_seconds: age }) => age ?? 0));
  const says = `The evidence about ${names.slice(0, MOST_NAMED).join(', ')}${more} is stale, because probing is paused: the oldest is ${ageWords(oldest)} old. Their states may be wrong.`;
  return { code: 'stale-evidence', level: 'problem', says, todo: whenPaused };
}

const MOST_NAMED = 3;

const explained = ['budget-spent', 'probe-rejected'] as const;

const whenStale =
  'Check the findings above first. Then check that the model does not opt out of background checks, that probing is not paused, and that all pods run.';

const whenPaused =
  'Run allswell probing resume, or allswell check, which probes each target once while probing stays paused.';
