import { fleetSuite, unitSuite, type Mutation } from './mutation.ts';

const fleet = (name: string): string => `src/fleet/${name}.ts`;
const writer = fleetSuite('replication/hostile-writer');
const clock = fleetSuite('evidence/clock-set-back');
const levels = fleetSuite('evidence/levels-changed');
const counts = fleetSuite('budget/known-counts');
const lasting = fleetSuite('evidence/lasting-faults');

/** Bugs in what holds against a hostile writer, a wrong clock, and pods that are wrong for ever. */
export const hostileMutations: readonly Mutation[] = [
  {
    bug: 'a pushed lease is waited for, whatever the store says',
    file: fleet('probing/planner'),
    from: '  return checkAt;',
    to: '  return until;',
    suite: writer,
  },
  {
    bug: 'each pushed lease delays the check against the store',
    file: fleet('replication/replica'),
    from: 'const checkedAt = unchecked ? known.checkedAt : heardAt;',
    to: 'const checkedAt = heardAt;',
    suite: writer,
  },
  {
    bug: 'an impaired pod on the same host removes a witness',
    file: fleet('membership/membership'),
    from: 'return hosts.filter((host) => this.#members.every((member) => member.host !== host || doubts(member)));',
    to: 'return hosts;',
    suite: writer,
  },
  {
    bug: 'facts with a date after their newest probe are accepted',
    file: 'src/health/record-text.ts',
    from: ' || latestBesideProbe(facts) > facts.last.at) return garbage;',
    to: ') return garbage;',
    suite: writer,
  },
  {
    bug: 'a pause that ended after the present time delays all probes',
    file: fleet('holds/holds'),
    from: 'return isAhead(endedAt, this.#parts.now()) ? 0 : endedAt;',
    to: 'return endedAt;',
    suite: clock,
  },
  {
    bug: 'a budget stays spent when the clock is set back',
    file: fleet('reactions/store-changes'),
    from: '    budgets.askAnew();\n',
    to: '',
    suite: clock,
  },
  {
    bug: 'targets of a reload wait for the time before the clock was set back',
    file: fleet('probing/scheduler'),
    from: 'this.#knownSince.set(id, Math.min(since, now));',
    to: 'this.#knownSince.set(id, since);',
    suite: clock,
  },
  {
    bug: 'waiting for other pods begins anew whenever the clock drifts',
    file: fleet('reactions/store-changes'),
    from: '    if (Math.abs(byUs) < CLOCK_SET_US) return;\n',
    to: '',
    suite: clock,
  },
  {
    bug: 'trouble that no pod can see any more never ends',
    file: 'src/health/in-sight.ts',
    from: 'if (reaches(judge.level, level) || goodAt(facts, judge) <= at) return false;',
    to: 'if (at >= 0) return false;',
    suite: levels,
  },
  {
    bug: 'a probe without a connection counts at its intended level',
    file: 'src/health/signs.ts',
    from: "return failure?.phase === 'connect' ? 'connect' : level;",
    to: 'return level;',
    suite: levels,
  },
  {
    bug: 'pods that came later keep a pod from bringing the count of a target',
    file: fleet('recovery/restore-counts'),
    from: 'membership.othersKnowing(target).filter(isAsOld)',
    to: 'membership.othersKnowing(target)',
    suite: counts,
  },
  {
    bug: 'a pod that alone was without the store brings what all may have spent',
    file: fleet('budget/budget-limits'),
    from: "this.#opened.set(owner, wentOn ? 'this' : 'all');",
    to: "this.#opened.set(owner, 'all');",
    suite: counts,
  },
  {
    bug: 'the wait that one host was asked for holds for all',
    file: 'src/health/schedule.ts',
    from: 'const named = quietMs !== undefined && !isAskedElsewhere(overload, host);',
    to: 'const named = quietMs !== undefined;',
    suite: lasting,
  },
  {
    bug: 'counts grow past the largest that is read',
    file: 'src/health/signs.ts',
    from: 'return Math.min(length + more, MOST_COUNTED);',
    to: 'return length + more;',
    suite: unitSuite('test/unit/health/transition'),
  },
];
