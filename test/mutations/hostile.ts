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
    bug: 'a pod waits for a pushed lease that the store does not confirm',
    file: fleet('probing/planner'),
    from: '  return checkAt;',
    to: '  return until;',
    suite: writer,
  },
  {
    bug: 'each pushed lease postpones the check with the store',
    file: fleet('replication/replica'),
    from: 'const checkedAt = unchecked ? known.checkedAt : receivedAt;',
    to: 'const checkedAt = receivedAt;',
    suite: writer,
  },
  {
    bug: 'an impaired pod on the same host removes a witness',
    file: fleet('membership/membership'),
    from: 'return hosts.filter((host) => this.#members.every((member) => member.host !== host || failsAlone(member)));',
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
    bug: 'a pause whose end is dated ahead of the clock delays all probes',
    file: fleet('holds/holds'),
    from: 'return isAhead(endedAt, this.#parts.now()) ? 0 : endedAt;',
    to: 'return endedAt;',
    suite: clock,
  },
  {
    bug: 'a budget stays spent when the clock is set back',
    file: fleet('reactions/store-changes'),
    from: '    budgets.forgetSpentBudgets();\n',
    to: '',
    suite: clock,
  },
  {
    bug: 'targets added by a reload wait for the time before the clock was set back',
    file: fleet('probing/scheduler'),
    from: 'this.#knownSince.set(id, Math.min(since, now));',
    to: 'this.#knownSince.set(id, since);',
    suite: clock,
  },
  {
    bug: 'the wait for other pods starts again whenever the clock drifts',
    file: fleet('reactions/store-changes'),
    from: '    if (Math.abs(byUs) < CLOCK_SET_US) return;\n',
    to: '',
    suite: clock,
  },
  {
    bug: 'a failure deeper than any pod probes now never ends',
    file: 'src/health/unprobed-level.ts',
    from: 'if (reaches(context.level, level) || successAt(facts, context) <= at) return false;',
    to: 'if (at >= 0) return false;',
    suite: levels,
  },
  {
    bug: 'a probe without a connection counts at its intended level',
    file: 'src/health/failure-series.ts',
    from: "return failure?.phase === 'connect' ? 'connect' : level;",
    to: 'return level;',
    suite: levels,
  },
  {
    bug: 'pods that started later prevent a pod from sending the count of a target',
    file: fleet('recovery/restore-counts'),
    from: 'membership.otherAbleIds(target).filter(isAsOld)',
    to: 'membership.otherAbleIds(target)',
    suite: counts,
  },
  {
    bug: 'a pod that alone was cut off from the store adds the spend that all pods were allowed',
    file: fleet('budget/budget-limits'),
    from: "this.#uncounted.set(owner, wentOn ? 'this' : 'all');",
    to: "this.#uncounted.set(owner, 'all');",
    suite: counts,
  },
  {
    bug: 'a Retry-After that one host received applies to all hosts',
    file: 'src/health/schedule.ts',
    from: 'quietMs === undefined || elsewhere ? undefined :',
    to: 'quietMs === undefined ? undefined :',
    suite: lasting,
  },
  {
    bug: 'counts grow beyond the largest readable number',
    file: 'src/health/failure-series.ts',
    from: 'return Math.min(length + more, MAX_COUNT);',
    to: 'return length + more;',
    suite: unitSuite('test/unit/health/transition'),
  },
];
