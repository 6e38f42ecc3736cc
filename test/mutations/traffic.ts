import { unitSuite, type Mutation } from './mutation.ts';

const window = unitSuite('src/health/traffic-window');
const evidence = unitSuite('src/traffic/evidence');
const intake = unitSuite('src/traffic/intake');

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
    file: 'src/traffic/intake.ts',
    from: 'const aheadMs = Math.max(0, newestEndMs - now / 1_000);',
    to: 'const aheadMs = newestEndMs - now / 1_000;',
    suite: intake,
  },
  {
    bug: 'an event far in the future is dated now',
    file: 'src/traffic/intake.ts',
    from: 'else if (found.event.endMs > now / 1_000 + MOST_AHEAD_MS)',
    to: 'else if (found.event.endMs < 0)',
    suite: intake,
  },
  {
    bug: 'an event far in the future moves the other events of its batch',
    file: 'src/traffic/intake.ts',
    from: 'readable.filter(({ endMs }) => endMs <= mostEndMs)',
    to: 'readable.filter(({ endMs }) => endMs <= Infinity)',
    suite: intake,
  },
  {
    bug: 'the window of a removed target stays',
    file: 'src/traffic/intake.ts',
    from: 'if (!known.has(target)) windows.delete(target);',
    to: 'if (target === "") windows.delete(target);',
    suite: intake,
  },
];
