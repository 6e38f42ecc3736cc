import { describe, it } from 'vitest';
import type { TestContext } from 'vitest';
import { epochMs, observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { allShow, openStand, published, RESULTS, showsItsOwn, showsOurs, watchCommands } from './harness/index.ts';
import type { Stand } from './harness/index.ts';
import { isProof } from '../support/proof.ts';

// Whenever a bridge starts, and whatever LiteLLM's time for results is: many intervals without a probe of three LiteLLM
// pods. The stands pass their intervals beside each other. The middle of a round with 20 s is in calm.test.ts.

const INTERVAL_S = 20;
const INTERVAL_MS = INTERVAL_S * 1_000;
const INTERVALS = isProof ? 10 : 5;
const MODELS = ['m1', 'm2'] as const;
/** A round that takes longer than a bridge takes to start and publish on a busy machine. */
const ROUND_MS = 40_000;
const LIMIT_MS = 600_000;

/** LiteLLM's time for results; its default is 300 s. */
const SHORT = { DEFAULT_SHARED_HEALTH_CHECK_TTL: String(INTERVAL_S) };
const DEFAULT = {};

/** How a bridge and three LiteLLM pods come together; answers when LiteLLM has to be silent from, once all run. */
type Beginning = (stand: Stand) => Promise<{ readonly silentFrom: number }>;

const CASES: readonly (readonly [when: string, env: Readonly<Record<string, string>>, begin: Beginning])[] = [
  ['before them, results live 20 s', SHORT, before],
  ['before them, results live 300 s', DEFAULT, before],
  ['after a round of theirs, results live 20 s', SHORT, after],
  ['after a round of theirs, results live 300 s', DEFAULT, after],
  ['in the middle of a round, results live 300 s', DEFAULT, inTheMiddle],
];

describe.concurrent('three LiteLLM pods probe nothing for many intervals', () => {
  it.for(isProof ? CASES : CASES.slice(-1))(
    'where a bridge starts %s',
    { timeout: LIMIT_MS },
    async ([, env, begin], test) => {
      const stand = await standFor(test, env);
      const { silentFrom } = await begin(stand);
      await allShow(stand.litellm, { wanted: showsOurs, withinMs: INTERVAL_MS + 6_000, what: 'our rows in every pod' });
      const span = await observe(INTERVALS * INTERVAL_MS);
      test.expect(stand.requests.times('litellm', { span: { ...span, from: silentFrom } })).toEqual([]);
      for (const model of MODELS) {
        const { length } = stand.requests.times('allswell', { model, span });
        test.expect(length, model).toBeGreaterThanOrEqual(INTERVALS - 1);
        test.expect(length, model).toBeLessThanOrEqual(INTERVALS + 1);
      }
      await allShow(stand.litellm, { wanted: showsOurs, withinMs: 1_000, what: 'our rows in every pod' });
    },
  );
});

/** Not one probe from the first, however often LiteLLM's pods start. */
async function before(stand: Stand): ReturnType<Beginning> {
  await ourPublication(stand, await stand.startOurs('bridge'));
  await inTurn(() => stand.startLitellm(3));
  return { silentFrom: 0 };
}

async function after(stand: Stand): ReturnType<Beginning> {
  await inTurn(() => stand.startLitellm(3));
  await allShow(stand.litellm, { wanted: showsItsOwn, withinMs: 30_000, what: "LiteLLM's own rows" });
  const publishedAt = await ourPublication(stand, await stand.startOurs('bridge'));
  return { silentFrom: publishedAt + INTERVAL_MS };
}

async function inTheMiddle(stand: Stand): ReturnType<Beginning> {
  const { upstream, requests, store } = stand;
  const watch = await watchCommands(store);
  upstream.set('m1', { kind: 'slow', ms: ROUND_MS });
  const starting = inTurn(() => stand.startLitellm(3));
  await until(() => requests.times('litellm', { model: 'm1' }).length > 0, { withinMs: LIMIT_MS, what: 'a round' });
  upstream.set('m1', { kind: 'ok' });
  const publishedAt = await ourPublication(stand, await stand.startOurs('bridge'));
  await starting;
  const ended = (): boolean =>
    watch.seen.some(({ at, words: [command, key], source }) => {
      return at > publishedAt && source !== 'lua' && command?.toLowerCase() === 'set' && key === RESULTS;
    });
  await until(ended, { withinMs: ROUND_MS + 10_000, what: 'the end of the round that was running' });
  watch.stop();
  return { silentFrom: publishedAt + INTERVAL_MS };
}

/** Waits until the bridge's own publication is seen to stand; answers when. */
async function ourPublication(stand: Stand, { id }: TestPod): Promise<number> {
  const stands = async (): Promise<boolean> => (await published(stand))?.checked_by === id;
  await until(stands, { withinMs: 20_000, what: 'a publication' });
  return epochMs();
}

async function standFor(test: TestContext, env: Readonly<Record<string, string>>): Promise<Stand> {
  const stand = await openStand({ models: MODELS.map((model) => ({ model })), interval: INTERVAL_S, env });
  test.onTestFinished(async () => await stand.stop());
  test.onTestFailed(() => console.log(stand.story().split('\n').slice(-300).join('\n')));
  return stand;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: fifteen LiteLLM pods that started at once would take minutes. */
async function inTurn<T>(start: () => Promise<T>): Promise<T> {
  const turn = last.then(start);
  last = turn.catch(() => undefined);
  return await turn;
}
