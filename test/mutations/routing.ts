import { unitSuite, type Mutation } from './mutation.ts';

const tiers = unitSuite('test/unit/routing/health-tiers');
const cooldowns = unitSuite('test/unit/routing/cooldown-settings');
const ejection = unitSuite('test/unit/routing/ejection');
const known = unitSuite('test/unit/routing/known-bugs');
const retries = unitSuite('test/unit/routing/retry-plan');
const budget = unitSuite('test/unit/routing/retry-budget');
const limits = unitSuite('test/unit/routing/limits');
const names = unitSuite('test/unit/routing/names');
const strategies = unitSuite('test/unit/routing/strategies');

/** Bugs in the choice of deployments and in what is learnt from requests. */
export const routingMutations: readonly Mutation[] = [
  {
    bug: 'a suspect deployment is routable',
    file: 'src/routing/standing.ts',
    from: "if (state === 'down' || (state === 'suspect' && !excused)) return 'avoided';",
    to: "if (state === 'down') return 'avoided';",
    suite: tiers,
  },
  {
    bug: 'a deployment that was down gets all of its traffic at once',
    file: 'src/routing/standing.ts',
    from: "health.before !== 'down'",
    to: 'true',
    suite: tiers,
  },
  {
    bug: 'a drained deployment takes part in a panic',
    file: 'src/routing/standing.ts',
    from: "return health.state === 'down' ? 'drained' : 'routable';",
    to: "return health.state === 'down' ? 'avoided' : 'routable';",
    suite: cooldowns,
  },
  {
    bug: 'a higher order shares the traffic of a lower one',
    file: 'src/routing/groups/pick.ts',
    from: 'if (count > 0 && orderOf(member) !== order) break;',
    to: '',
    suite: tiers,
  },
  {
    bug: 'a half-open target gets all requests',
    file: 'src/routing/ejection.ts',
    from: '(ejection.trial !== 0 && nowMs < ejection.trialUntilMs)',
    to: 'false',
    suite: ejection,
  },
  {
    bug: 'a trial that is never reported holds its place for ever',
    file: 'src/routing/ejection.ts',
    from: 'ejection.trial !== 0 && nowMs < ejection.trialUntilMs',
    to: 'ejection.trial !== 0',
    suite: ejection,
  },
  {
    bug: 'a neutral outcome does not give the trial back',
    file: 'src/routing/retry/request-plan.ts',
    from: 'giveTrialBack(member.target.ejection, attempt.targetTrial);',
    to: "if (outcome.kind !== 'neutral') giveTrialBack(member.target.ejection, attempt.targetTrial);",
    suite: known,
  },
  {
    bug: 'a failed trial does not lengthen the next ejection',
    file: 'src/routing/ejection.ts',
    from: '2 * ejection.lengthMs',
    to: 'ejection.lengthMs',
    suite: ejection,
  },
  {
    bug: 'an older success of the fleet ends an ejection',
    file: 'src/routing/evidence/ejections.ts',
    from: 'succeededAt !== null && succeededAt > since',
    to: 'succeededAt !== null',
    suite: ejection,
  },
  {
    bug: 'a verdict up ends an ejection without newer evidence',
    file: 'src/routing/evidence/ejections.ts',
    from: 'if (succeededAt !== undefined) return succeededAt !== null && succeededAt > since;',
    to: '',
    suite: known,
  },
  {
    bug: 'failures before a passed trial still count after it',
    file: 'src/routing/evidence/ejections.ts',
    from: '  target.window.clear();',
    to: '',
    suite: known,
  },
  {
    bug: 'failures in a row eject again right after a passed confirmation',
    file: 'src/routing/evidence/learn.ts',
    from: 'if (nowMs < target.pausedUntilMs && !isPersistent(target, judged)) return;',
    to: '',
    suite: ejection,
  },
  {
    bug: 'no failures eject during the pause after a passed confirmation',
    file: 'src/routing/evidence/learn.ts',
    from: "return by === 'share' || failuresInRow >= MANY_IN_ROW;",
    to: "return by === 'share' && failuresInRow > MANY_IN_ROW * 1_000;",
    suite: known,
  },
  {
    bug: 'a single 403, which may be about one request, ejects the target',
    file: 'src/routing/evidence/learn.ts',
    from: "failed === 'auth' && status === 403",
    to: 'false',
    suite: ejection,
  },
  {
    bug: "a timeout by the caller's deadline counts against the deployment",
    file: 'src/routing/evidence/learn.ts',
    from: "return failed !== 'timeout' || timeoutBy !== 'deadline';",
    to: 'return true;',
    suite: retries,
  },
  {
    bug: 'allowed_fails cools down with as many failures as are allowed',
    file: 'src/routing/evidence/learn.ts',
    from: 'member.failures.total(nowMs) <= allowed',
    to: 'member.failures.total(nowMs) < allowed',
    suite: cooldowns,
  },
  {
    bug: 'every failure is reported while the fleet has not answered',
    file: 'src/routing/evidence/reports.ts',
    from: 'nowMs < target.reportedUntilMs || ',
    to: '',
    suite: ejection,
  },
  {
    bug: 'a failed connection has no retry policy',
    file: 'src/routing/retry/retry-policy.ts',
    from: "network: 'InternalServerError',",
    to: 'network: undefined,',
    suite: retries,
  },
  {
    bug: 'the deployment that just failed is asked again while another one is left',
    file: 'src/routing/retry/choose.ts',
    from: '(one) => !isTried(tried, one) && budget.allows(one)',
    to: '(one) => budget.allows(one)',
    suite: retries,
  },
  {
    bug: 'a deployment gets a third attempt of one request',
    file: 'src/routing/retry/tried.ts',
    from: 'const MOST_TIMES = 2;',
    to: 'const MOST_TIMES = 3;',
    suite: retries,
  },
  {
    bug: 'a wait may end after the deadline',
    file: 'src/routing/retry/choose.ts',
    from: ' || nowMs + waitMs >= state.request.deadlineMs',
    to: '',
    suite: retries,
  },
  {
    bug: 'a fallback that the caller may not use gets the request',
    file: 'src/routing/retry/choose.ts',
    from: '(fallbacks < config.settings.maxFallbacks && isOpenTo(state, stop))',
    to: 'fallbacks < config.settings.maxFallbacks',
    suite: retries,
  },
  {
    bug: 'fallbacks form a cycle of two groups',
    file: 'src/routing/retry/route.ts',
    from: 'if (seen.has(named.group)) return;',
    to: 'if (seen.has(named.group) && stops.length > 40) return;',
    suite: retries,
  },
  {
    bug: 'the retry budget counts failovers to deployments in good standing',
    file: 'src/routing/retry/choose.ts',
    from: "return standing !== 'routable' || isFailing",
    to: "return standing !== 'avoided' || isFailing",
    suite: budget,
  },
  {
    bug: 'the retry budget has no end',
    file: 'src/routing/retry/retry-budget.ts',
    from: 'const PART = 0.2;',
    to: 'const PART = 20;',
    suite: budget,
  },
  {
    bug: 'a request that waits for its start does not count for the minute of its start',
    file: 'src/routing/limits/limits.ts',
    from: 'member.requests.add(1, atMs, nowMs);',
    to: 'member.requests.add(1, nowMs, nowMs);',
    suite: limits,
  },
  {
    bug: 'requests go to a deployment that is down where the others are at their limits',
    file: 'src/routing/retry/choose.ts',
    from: "if (refused === 'full') return { kind: 'full' };",
    to: '',
    suite: limits,
  },
  {
    bug: 'a request whose client left still counts as one at once',
    file: 'src/routing/retry/request-plan.ts',
    from: 'parts.limits.ended(member, { reserved, actual, atMs }, nowMs);',
    to: "if (outcome.kind !== 'neutral') parts.limits.ended(member, { reserved, actual, atMs }, nowMs);",
    suite: limits,
  },
  {
    bug: 'the least specific wildcard wins',
    file: 'src/routing/groups/wildcard.ts',
    from: 'other.length - one.length',
    to: 'one.length - other.length',
    suite: names,
  },
  {
    bug: 'a request uses deployments with other tags',
    file: 'src/routing/groups/pick.ts',
    from: "if (rule !== 'all' && !isAllowedByTags(member, rule, tags, settings)) continue;",
    to: '',
    suite: names,
  },
  {
    bug: 'least-busy gives a degraded deployment as much as any',
    file: 'src/routing/strategies/least-busy.ts',
    from: '(inFlight + 1) / share',
    to: 'inFlight + 1 + 0 * share',
    suite: strategies,
  },
  {
    bug: 'a degraded cheapest or fastest deployment gets all requests',
    file: 'src/routing/strategies/thinned.ts',
    from: 'return share >= 1 || random.next() < share;',
    to: 'return share >= 1 || random.next() < 2;',
    suite: strategies,
  },
];
