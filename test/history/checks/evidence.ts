import { entriesOf } from '../entry.ts';
import type { History, ShownTarget, View, Violation } from '../entry.ts';
import { faultSpans, LOSSES, overlaps } from '../fault-spans.ts';
import type { FaultSpan } from '../fault-spans.ts';
import { BOUNDS } from '../bounds.ts';

/**
 * No pod goes back in what it shows of a target: neither in the date of its evidence nor in the version of its record, as
 * long as the process lives and the store keeps its data. A store that lost data, or whose clock was set back, begins a
 * new life: a pod may take what is older once, within the time in which it must have noticed.
 */
export function checkEvidence(history: History): Violation[] {
  const lives = faultSpans(history).filter(({ fault }) => fault === 'clock' || LOSSES.includes(fault));
  const last = new Map<string, { readonly askedAt: number; readonly shown: ShownTarget }>();
  return entriesOf(history, 'view').flatMap((view) =>
    view.targets.flatMap((shown) => {
      const key = `${view.pod} ${shown.target}`;
      const before = last.get(key);
      last.set(key, { askedAt: view.askedAt, shown });
      if (before === undefined || mayGoBack(lives, before.askedAt, view)) return [];
      return wentBack(view, before.shown, shown);
    }),
  );
}

/** The data restarted between the two samples, or one is within the time in which that is detected. */
function mayGoBack(lives: readonly FaultSpan[], before: number, { at }: View): boolean {
  return lives.some((life) => overlaps(life, { from: before, to: at }, BOUNDS.noticedMs));
}

function wentBack({ at, pod }: View, before: ShownTarget, { target, checkedAt, version }: ShownTarget): Violation[] {
  const [from, to] = [before.checkedAt ?? 0, checkedAt ?? 0];
  return [
    ...(to < from
      ? [{ check: 'evidence', at, what: `${pod}: the evidence of ${target} went back by ${from - to} ms, to ${to}` }]
      : []),
    ...(version < before.version
      ? [{ check: 'evidence', at, what: `${pod}: ${target} went from version ${before.version} to ${version}` }]
      : []),
  ];
}
