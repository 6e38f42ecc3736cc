import { entriesOf } from '../entry.ts';
import type { Commit, History, Violation } from '../entry.ts';
import { faultSpans, overlaps } from '../fault-spans.ts';
import { BOUNDS } from '../bounds.ts';

/**
 * Promise 2 for records: on one server, within one life of its data (an epoch), each commit has a higher version than the
 * one before and no older evidence. Evidence dated ahead of a clock that was set back may be dated anew.
 */
export function checkRecords(history: History): Violation[] {
  const clocks = faultSpans(history).filter(({ fault }) => fault === 'clock');
  const failovers = faultSpans(history).filter(({ fault }) => fault === 'failover');
  const last = new Map<string, Commit>();
  return entriesOf(history, 'commit').flatMap((commit) => {
    const { at, server, epoch, target } = commit;
    const key = `${server} ${epoch} ${target}`;
    const before = last.get(key);
    last.set(key, commit);
    // A primary that was overruled takes the data of the one that replaced it, without the writes that it made alone.
    if (before === undefined || failovers.some((span) => overlaps(span, { from: before.at, to: at }))) return [];
    const dated = !clocks.some((span) => overlaps(span, { from: before.at, to: at }, BOUNDS.noticedMs));
    return [
      ...(commit.version <= before.version
        ? [
            {
              check: 'records',
              at,
              what: `${server}: ${target} went from version ${before.version} to ${commit.version}`,
            },
          ]
        : []),
      ...(commit.grant < before.grant && commit.grant !== 0
        ? [{ check: 'records', at, what: `${server}: ${target} went from grant ${before.grant} to ${commit.grant}` }]
        : []),
      ...(dated && commit.evidenceAt < before.evidenceAt
        ? [{ check: 'records', at, what: `${server}: the evidence of ${target} went back to ${commit.evidenceAt}` }]
        : []),
    ];
  });
}
