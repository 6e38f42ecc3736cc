import { unitSuite, type Mutation } from './mutation.ts';

const window = unitSuite('src/health/traffic-window');
const evidence = unitSuite('src/traffic/evidence');
const intake = unitSuite('src/traffic/intake');
const observations = unitSuite('src/traffic/observation-intake');

/** Bugs in what the requests of users prove. */
export const trafficMutations: readonly Mutation[] = [
  {
    bug: 'one counted failure makes a target suspect',
    file: 'src/health/traffic-window.ts',
    from: 'before !== undefined && before.at > since',
    to: '(before === undefined || before.at > since)',
    suite: window,
  },
  {
    bug: 'a success does not end a run of failures',
    file: 'src/health/traffic-window.ts',
    from: 'const since = newestOk?.at ?? -1;',
    to: 'const since = -1;',
    suite: window,
  },
  {
    bug: 'overloads count as failures',
    file: 'src/health/traffic-window.ts',
    from: 'const bad = share(counts.failed);',
    to: 'const bad = share(counts.failed + counts.overloaded);',
    suite: window,
  },
  {
    bug: 'the share of failures counts from the first request on',
    file: 'src/health/traffic-window.ts',
    from: 'all < SHARE_FROM ? 0',
    to: 'all < 1 ? 0',
    suite: window,
  },
  {
    bug: 'requests are in the order of their arrival',
    file: 'src/health/traffic-window.ts',
    from: 'return other.at > one.at ? other : one;',
    to: 'return other;',
    suite: window,
  },
  {
    bug: 'requests ahead of a clock that was set back stay in the window',
    file: 'src/health/traffic-window.ts',
    from: ' && secondOf(endedAt) <= secondOf(now);',
    to: ';',
    suite: window,
  },
  {
    bug: 'a refusal by LiteLLM itself counts against the upstream',
    file: 'src/traffic/evidence.ts',
    from: 'if (LITELLM_REFUSALS.test(errorClass)) return undefined;',
    to: '',
    suite: evidence,
  },
  {
    bug: "an answer from LiteLLM's cache is a success of the upstream",
    file: 'src/traffic/evidence.ts',
    from: 'if (end.cached || end.ownLimit',
    to: 'if (end.ownLimit',
    suite: evidence,
  },
  {
    bug: 'an unknown name of an exception is repeated in a message',
    file: 'src/traffic/evidence.ts',
    from: 'const message = known ?',
    to: 'const message = errorClass !== "" ?',
    suite: evidence,
  },
  {
    bug: 'a late batch is moved forward to the present',
    file: 'src/traffic/batch-dates.ts',
    from: 'const aheadMs = Math.max(0, newestEndMs - nowMs);',
    to: 'const aheadMs = newestEndMs - nowMs;',
    suite: intake,
  },
  {
    bug: 'an event far in the future is dated now',
    file: 'src/traffic/batch-dates.ts',
    from: 'items.filter(({ endMs }) => endMs <= nowMs + MOST_AHEAD_MS)',
    to: 'items.filter(({ endMs }) => endMs <= Infinity)',
    suite: intake,
  },
  {
    bug: 'an event far in the future moves the other events of its batch',
    file: 'src/traffic/batch-dates.ts',
    from: 'possible.filter(({ endMs }) => endMs <= mostEndMs)',
    to: 'possible.filter(({ endMs }) => endMs <= Infinity)',
    suite: intake,
  },
  {
    bug: 'the window of a removed target stays',
    file: 'src/traffic/intake.ts',
    from: 'if (!known.has(target)) windows.delete(target);',
    to: 'if (target === "") windows.delete(target);',
    suite: intake,
  },
  {
    bug: 'failures of two reporters make one run',
    file: 'src/traffic/observation-windows.ts',
    from: 'const key = `${reporter} ${target}`;',
    to: 'const key = target;',
    suite: observations,
  },
  {
    bug: 'the window of a removed target stays for its reporters',
    file: 'src/traffic/observation-windows.ts',
    from: 'if (!targets.has(target)) windows.delete(key);',
    to: 'if (target === "") windows.delete(key);',
    suite: observations,
  },
  {
    bug: 'a reporter can pass for a pod',
    file: 'src/health/ids.ts',
    from: "const REPORTER_PREFIX = 'reporter/';",
    to: "const REPORTER_PREFIX = '';",
    suite: observations,
  },
  {
    bug: 'an observation without a date is dated by the clock of the dated ones',
    file: 'src/traffic/observation-intake.ts',
    from: 'placed.filter(({ observation }) => observation.atMs !== undefined),',
    to: 'placed,',
    suite: observations,
  },
];
