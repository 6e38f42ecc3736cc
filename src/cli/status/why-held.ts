import { holdText } from '../show/hold-text.ts';
import type { Finding } from './finding.ts';
import type { NamedPage, NamedTarget } from './named-page.ts';

/** What operators decided: the pause of all probes, and holds of targets. */
export function whyHeld({ targets, probing_paused: paused = null }: NamedPage): readonly Finding[] {
  const pauses: readonly Finding[] =
    paused === null
      ? []
      : [{ code: 'probing-paused', level: 'note', says: `Probing is ${holdText(paused)}.`, todo: whenPaused }];
  return [...pauses, ...targets.flatMap(heldFinding)];
}

function heldFinding({ name, word, state, why, hold = null }: NamedTarget): readonly Finding[] {
  if (hold === null) return [];
  const fails = hold.kind === 'hold-up' && state === 'down';
  const traffic =
    hold.kind === 'drain'
      ? 'gets no traffic'
      : fails
        ? `gets traffic although its probes fail (down: ${why})`
        : 'gets traffic whatever its probes say';
  const says = `${name} ${traffic}: ${holdText(hold)}.`;
  const todo = fails
    ? `Requests to it probably fail. Run allswell undrain ${word}, unless the probes are wrong.`
    : `Run allswell undrain ${word} when the reason no longer applies.`;
  return [{ code: 'target-held', level: fails ? 'problem' : 'note', says, todo }];
}

const whenPaused = 'Run allswell probing resume when the reason no longer applies.';
