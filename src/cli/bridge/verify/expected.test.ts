import { expect, it } from 'vitest';
import { AUTHOR, expectedOf, pagesOf } from './fixtures/recorded-answers.ts';
import { checkPublished } from './expected.ts';

const VERSION = '1.110.2';
const meta = { epoch: '', seq: 0, now: 1_000_000_000 };
const page = { ...(pagesOf(VERSION)['/health'] as object), timestamp: 997, checked_by: AUTHOR };

it('results of allswell, by the given configuration, pass', () => {
  const text = JSON.stringify(JSON.stringify(page));
  expect(checkPublished({ kind: 'ok', meta, value: text }, expectedOf(VERSION))).toMatchObject({
    result: 'passed',
    says: `5 rows by ${AUTHOR}, 3 s old`,
  });
});

it.each([
  ['no Redis in the configuration', null, /^this configuration names no Redis$/],
  [
    'a Redis that refuses',
    { kind: 'lost', loss: { code: 'no-permission', message: 'NOPERM' } },
    /^allswell's Redis cannot be read: NOPERM$/,
  ],
  ['no results', { kind: 'ok', meta, value: '' }, /^there are no results in Redis$/],
  ['garbage', { kind: 'ok', meta, value: '[1' }, /^there are no results in Redis$/],
  [
    "LiteLLM's own results",
    { kind: 'ok', meta, value: '{"healthy_endpoints": [{"model_id": "a"}], "checked_by": "pod_1"}' },
    /^the results in Redis are LiteLLM's own \(by pod_1\)$/,
  ],
] as const)('%s is a failed check', (_name, answer, says) => {
  expect(checkPublished(answer, expectedOf(VERSION))).toMatchObject({
    result: 'failed',
    says: expect.stringMatching(says),
  });
});

it('results that no bridge renews fail, although LiteLLM pods still read them', () => {
  const text = JSON.stringify({ ...page, timestamp: 975 });
  expect(checkPublished({ kind: 'ok', meta, value: text }, expectedOf(VERSION))).toMatchObject({
    result: 'failed',
    says: `no bridge renews the results: those by ${AUTHOR} are 25 s old`,
    todo: expect.stringContaining('start the bridge'),
  });
});

it('results of another configuration than the given one fail', () => {
  const expected = expectedOf(VERSION);
  const answer = { kind: 'ok', meta, value: JSON.stringify(page) } as const;
  expect(checkPublished(answer, { ...expected, deployments: expected.deployments.slice(1) })).toMatchObject({
    result: 'failed',
    says: 'this configuration lacks 1 deployment of the results: 85742b1a37e5…',
    todo: expect.stringContaining('the bridge has other variables than LiteLLM'),
  });
});
