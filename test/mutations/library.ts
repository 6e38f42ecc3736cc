import { librarySuite, unitSuite, type Mutation } from './mutation.ts';

const trials = unitSuite('src/routing/trials');
const calls = librarySuite('calls');
const fetches = librarySuite('fetch');
const ends = librarySuite('ends');
const callers = librarySuite('wrong-callers');

/** Bugs in the tests of upstreams by requests, and in what requests of the library prove. */
export const libraryMutations: readonly Mutation[] = [
  {
    bug: 'one test of the fleet is given to two requests',
    file: 'src/routing/trials.ts',
    from: 'waiting.delete(target);',
    to: '',
    suite: trials,
  },
  {
    bug: 'a test whose request fails counts as passed',
    file: 'src/routing/trials.ts',
    from: "outcome: { kind: 'failed', failure: failureOf(outcome) }",
    to: "outcome: { kind: 'ok' }",
    suite: trials,
  },
  {
    bug: 'a test whose request proved nothing counts as passed',
    file: 'src/routing/trials.ts',
    from: "case 'neutral':\n      return { ...UNPROVEN, latencyMs: durationMs };",
    to: "case 'neutral':\n      return { ...UNPROVEN, outcome: { kind: 'ok' }, latencyMs: durationMs };",
    suite: trials,
  },
  {
    bug: 'a report of a request that began before a test is its result',
    file: 'src/library/joined-fleet.ts',
    from: 'test !== undefined && this.#core.clock.monotonicMs() - ended.durationMs >= test.startedMs',
    to: 'test !== undefined',
    suite: calls,
  },
  {
    bug: 'an abort by the caller counts as a failure of the upstream',
    file: 'src/library/fetch/fleet-fetch.ts',
    from: "outcome: { kind: 'neutral', durationMs } };",
    to: "outcome: { kind: 'failure', class: 'network', phase: 'before-first-byte', durationMs } };",
    suite: fetches,
  },
  {
    bug: 'a body that is a stream is sent again',
    file: 'src/library/attempts.ts',
    from: "last !== undefined && replay === 'once' ? NO_MORE : plan.next()",
    to: 'plan.next()',
    suite: fetches,
  },
  {
    bug: "a key of the caller's own that is refused counts against the upstream",
    file: 'src/library/fetch/fleet-fetch.ts',
    from: '(isOfKey && !hasCredentials(deployment)) ||',
    to: '',
    suite: callers,
  },
  {
    bug: 'an attempt that ran out of time stays open at the upstream',
    file: 'src/library/fetch/fleet-fetch.ts',
    from: 'abort.abort(reason);',
    to: '',
    suite: ends,
  },
  {
    bug: 'a signal of the caller keeps each request that is over',
    file: 'src/library/fetch/attempt-abort.ts',
    from: "caller.removeEventListener('abort', follow)",
    to: '{}',
    suite: ends,
  },
  {
    bug: 'a stream of a model that breaks after its first part counts as a success',
    file: 'src/library/model/begun-stream.ts',
    from: "ended(endOfError(error, 'broken'));",
    to: "ended('whole');",
    suite: ends,
  },
  {
    bug: 'an answer that breaks off after it counted as a success is no failure',
    file: 'src/library/answer-end.ts',
    from: 'else if (failure !== undefined) router.report(key, failure);',
    to: '',
    suite: unitSuite('src/library/answer-end'),
  },
  {
    bug: 'a cancelled time limit takes the later ones with it',
    file: 'src/library/time-limits.ts',
    from: 'else before.after = after;',
    to: 'else before.after = undefined;',
    suite: unitSuite('src/library/time-limits'),
  },
];
