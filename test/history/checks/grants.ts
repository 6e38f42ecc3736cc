import { entriesOf } from '../entry.ts';
import type { History, Violation } from '../entry.ts';
import { faultSpans, LOSSES } from '../fault-spans.ts';
import type { FaultSpan } from '../fault-spans.ts';

/** Events of two servers may be recorded in another order than they were sent, within this. */
const ORDER_MS = 1_000;

/** A grant and the server that showed it. */
interface SeenGrant {
  readonly at: number;
  readonly server: string;
  readonly target: string;
  readonly pod: string;
  readonly grant: number;
}

/**
 * Promise 2: grants of a target only grow. On one server's channel, which keeps the order of execution, strictly; over
 * all servers, through failovers and data losses, as far as the order of two events is known. Only a store that loses
 * its data after its clock was set back may begin anew: it knows nothing of the later time.
 */
export function checkGrants(history: History): Violation[] {
  const leases = entriesOf(history, 'lease');
  const polled = entriesOf(history, 'polled').flatMap(({ at, server, leases: held }) =>
    held.map((lease) => ({ at, server, ...lease })),
  );
  const spans = faultSpans(history);
  const lives = beginnings(spans);
  // A server that was overruled takes over older data: what it holds goes back, and what it grants does not.
  const copies = spans.filter((span) => span.fault === 'failover' || lives.includes(span));
  return [
    ...inOrder('channel', leases, lives),
    ...inOrder('poll', polled, copies),
    ...acrossServers(leases, lives),
    ...ofOnePod(leases),
  ];
}

/** Periods in which grants may restart: data losses at any time after a clock step back. */
function beginnings(spans: readonly FaultSpan[]): FaultSpan[] {
  const setBack = Math.min(...spans.filter(({ fault }) => fault === 'clock').map(({ to }) => to));
  return spans.filter(({ fault, from }) => LOSSES.includes(fault) && from >= setBack);
}

function lifeOf(at: number, lives: readonly FaultSpan[]): number | 'between' {
  if (lives.some(({ from, to }) => from <= at && at <= to)) return 'between';
  return lives.filter(({ to }) => to < at).length;
}

/** Checks one server and one target, in exact order. A repeated grant is a renewal or another poll. */
function inOrder(by: 'channel' | 'poll', seen: readonly SeenGrant[], lives: readonly FaultSpan[]): Violation[] {
  const newest = new Map<string, number>();
  return seen.flatMap(({ at, server, target, grant }) => {
    const life = lifeOf(at, lives);
    if (life === 'between') return [];
    const key = `${server} ${target} ${life}`;
    const before = newest.get(key) ?? 0;
    newest.set(key, Math.max(before, grant));
    if (grant >= before) return [];
    return [
      { check: 'grants', at, what: `${by} of ${server}: the grant of ${target} went from ${before} to ${grant}` },
    ];
  });
}

/** First appearances only: a replica repeats its primary's events, and a restored store shows its old data. */
function acrossServers(leases: readonly SeenGrant[], lives: readonly FaultSpan[]): Violation[] {
  const known = new Set<string>();
  const firsts = leases.filter(({ target, grant }) => {
    const name = `${target} ${grant}`;
    return !known.has(name) && known.add(name);
  });
  return firsts.flatMap(({ at, target, grant }, index) => {
    const life = lifeOf(at, lives);
    const before = firsts
      .slice(0, index)
      .filter((one) => one.target === target && one.at < at - ORDER_MS && lifeOf(one.at, lives) === life);
    const highest = Math.max(0, ...before.map((one) => one.grant));
    if (life === 'between' || grant > highest) return [];
    return [{ check: 'grants', at, what: `${target} was granted ${grant} long after ${highest}` }];
  });
}

/** Each grant belongs to one pod. */
function ofOnePod(leases: readonly SeenGrant[]): Violation[] {
  const owners = new Map<string, string>();
  return leases.flatMap(({ at, target, grant, pod }) => {
    const name = `${target} ${grant}`;
    const owner = owners.get(name) ?? pod;
    owners.set(name, owner);
    return owner === pod ? [] : [{ check: 'grants', at, what: `${name} was granted to ${owner} and to ${pod}` }];
  });
}
