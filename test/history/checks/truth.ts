import { entriesOf } from '../entry.ts';
import type { History, Violation } from '../entry.ts';
import { faultSpans } from '../fault-spans.ts';
import { BOUNDS, LEASE_MS } from '../bounds.ts';

/**
 * Promise 4: within the stated bound after the last trouble every pod shows the same verdict of each target, and it is the
 * upstream's truth. A history without a view after that bound proves nothing, and breaks the check as well.
 */
export function checkTruth(history: History): Violation[] {
  const spans = faultSpans(history).filter(({ fault }) => fault !== 'store-slow');
  const lastEdge = Math.max(...spans.flatMap(({ from, to }) => [from, to].filter(Number.isFinite)));
  const failing = new Set(spans.filter(({ fault, to }) => fault === 'upstream' && to === Infinity).map(({ on }) => on));
  const endsAt = lastEdge + BOUNDS.truthMs;
  const late = entriesOf(history, 'view').filter(({ askedAt }) => askedAt >= endsAt);
  const pods = new Map(entriesOf(history, 'pod').map(({ place, pod }) => [place, pod]));
  const silent = [...pods.values()].filter((pod) => !late.some((view) => view.pod === pod));
  return [
    ...silent.map((pod) => ({ check: 'truth', at: endsAt, what: `${pod} was not seen after the bound` })),
    ...late.flatMap(({ at, pod, targets }) =>
      targets.flatMap(({ target, state, why }) => {
        const truth = failing.has(target) ? 'down' : 'up';
        if (state === truth) return [];
        const lateBy = ((at - lastEdge) / 1_000).toFixed(1);
        return [{ check: 'truth', at, what: `${target} is ${truth}, ${pod} says ${state} after ${lateBy} s: ${why}` }];
      }),
    ),
  ];
}

/**
 * Promise 6: what answered every probe well is never out, in no pod, whatever happens to pods and stores. Nor is it
 * degraded, but for one reason: a clock that is set while a probe runs makes it look slow until its lease ends.
 */
export function checkNeverFailed(history: History): Violation[] {
  const spans = faultSpans(history);
  const clocks = spans.filter(({ fault }) => fault === 'clock');
  const failed = new Set(
    entriesOf(history, 'call').flatMap(({ answer, target }) => (answer === 'bad' ? [target] : [])),
  );
  const troubled = new Set(spans.flatMap(({ fault, on }) => (fault === 'upstream' ? [on] : [])));
  return entriesOf(history, 'view').flatMap(({ at, pod, targets }) =>
    targets.flatMap(({ target, state, why }) => {
      if (failed.has(target) || troubled.has(target) || state === 'up' || state === 'unknown') return [];
      const clockSet = clocks.some(({ from, to }) => [from, to].some((set) => set <= at && at <= set + LEASE_MS));
      if (state === 'degraded' && clockSet) return [];
      return [{ check: 'never failed', at, what: `${target} never failed, ${pod} says ${state}: ${why}` }];
    }),
  );
}
