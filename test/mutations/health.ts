import { fleetSuite, unitSuite, type Mutation } from './mutation.ts';

const health = (name: string): string => `src/health/${name}.ts`;
const transition = unitSuite('test/unit/health/transition');
const verdict = unitSuite('test/unit/health/verdict');

/** Bugs in the rules of facts, verdicts and turns. */
export const healthMutations: readonly Mutation[] = [
  {
    bug: 'a success of a less deep probe ends a failure',
    file: health('transition'),
    from: 'return reaches(level, facts?.failureRun?.level ?? level);',
    to: 'return true;',
    suite: transition,
  },
  {
    bug: 'a success that began before the failure ends the failure',
    file: health('transition'),
    from: 'return reaches(probe.level, facts.failureRun.level) && probe.at > Math.min(facts.failureRun.at, facts.last.at);',
    to: 'return reaches(probe.level, facts.failureRun.level);',
    suite: transition,
  },
  {
    bug: 'facts keep their dates after the clock was set back',
    file: health('clock-set-back'),
    from: 'return last.at > at ? last.at - at + 1 : 0;',
    to: 'return last.at > at ? 0 : 0;',
    suite: unitSuite('test/unit/health/clock-set-back'),
  },
  {
    bug: 'failures of a single witness are accepted while the upstream rejects the probes of other pods',
    file: health('verdict'),
    from: 'sinceMs <= REJECTED_INTERVALS * context.intervalMs',
    to: 'sinceMs < -context.intervalMs',
    suite: unitSuite('test/unit/health/lasting-faults'),
  },
  {
    bug: 'the next failure of a single witness removes a rejection that other pods saw',
    file: health('transition'),
    from: '...(contradicts && { rejected }),',
    to: '',
    suite: unitSuite('test/unit/health/lasting-faults'),
  },
  {
    bug: 'a probe that the upstream rejects counts as a failure of the target',
    file: health('transition'),
    from: "if (failure.class === 'bad-probe') return",
    to: "if ((failure.class as string) === 'none') return",
    suite: transition,
  },
  {
    bug: 'a changed request parameter is kept after a probe with it was rejected',
    file: health('adaptation'),
    from: "(ok || failure?.class === 'bad-probe')",
    to: 'ok',
    suite: unitSuite('test/unit/health/adaptation'),
  },
  {
    bug: 'an overload answer counts as a failure',
    file: health('transition'),
    from: "if (failure.class === 'overloaded') return",
    to: "if ((failure.class as string) === 'none') return",
    suite: transition,
  },
  {
    bug: 'one host is enough to take a target down',
    file: health('verdict'),
    from: "if (hosts.length > 1) return 'two-hosts';",
    to: "if (hosts.length > 0) return 'two-hosts';",
    suite: verdict,
  },
  {
    bug: 'an impaired host counts as a witness',
    file: health('verdict'),
    from: 'recentHosts(series).filter((host) => !discounted.includes(host))',
    to: 'recentHosts(series)',
    suite: unitSuite('test/unit/health/lasting-faults'),
  },
  {
    bug: 'what other programs alone saw takes a target down, although pods can probe',
    file: health('verdict'),
    from: 'hosts.every(isExternalHost) && context.able().length > 0',
    to: 'false',
    suite: unitSuite('test/unit/health/verdict'),
  },
  {
    bug: 'failures of a single witness are never accepted, however long no other pod probes',
    file: health('verdict'),
    from: "enough && waitedMs > context.waitMs ? 'wait-over' : 'open'",
    to: "enough && waitedMs < 0 ? 'wait-over' : 'open'",
    suite: unitSuite('test/unit/health/lasting-faults'),
  },
  {
    bug: 'the order of pods is the same at each grid point',
    file: 'src/fleet/membership/rank.ts',
    from: 'mix(hash(target) ^ mix(slot | 0) ^ mix(Math.floor(slot / 2 ** 32) | 0))',
    to: 'mix(hash(target))',
    suite: fleetSuite('membership/rank'),
  },
];
