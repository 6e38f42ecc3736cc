import { expect, it } from 'vitest';
import type { LitellmAnswer } from './ask-litellm.ts';
import { checkLitellm } from './check-litellm.ts';
import { answered, pagesOf, recordedVersions } from './fixtures/recorded-answers.ts';

const MISSING: LitellmAnswer = { kind: 'declined', status: 404, type: null };

it.each(recordedVersions)('LiteLLM %s is known by its report, and without one by its readiness', (version) => {
  const passes = { check: 'litellm', result: 'passed', says: `LiteLLM ${version} accepts the key` };
  expect(checkLitellm(answered(pagesOf(version)['/debug/report']), null)).toEqual(passes);
  expect(checkLitellm(MISSING, answered(pagesOf(version)['/health/readiness/details']))).toEqual(passes);
});

it.each([
  [
    'a wrong key, without a database',
    { kind: 'declined', status: 400, type: 'no_db_connection' },
    null,
    'the pod refuses the key',
  ],
  ['a wrong key', { kind: 'declined', status: 401, type: 'auth_error' }, null, 'the pod refuses the key'],
  ["a user's key", { kind: 'declined', status: 403, type: null }, null, 'the pod demands a key of an admin'],
  ['a pod that fails', { kind: 'declined', status: 500, type: null }, null, 'the server answers with status 500'],
  ['a closed port', { kind: 'unreachable', why: 'ECONNREFUSED' }, null, 'no server answers: ECONNREFUSED'],
  ['a web page', { kind: 'not-json' }, null, 'the server that answers is not LiteLLM'],
  ['JSON of another server', answered({ status: 'ok' }), null, 'the server that answers is not LiteLLM'],
  ['a server without such pages', MISSING, MISSING, 'the server that answers is not LiteLLM'],
  [
    'an allswell pod',
    MISSING,
    answered({ litellm_version: 'allswell 1.0.0' }),
    'an allswell pod answers here, not LiteLLM',
  ],
] satisfies readonly (readonly [string, LitellmAnswer, LitellmAnswer | null, string])[])(
  '%s is said to be that',
  (_name, report, details, says) => {
    expect(checkLitellm(report, details)).toMatchObject({ result: 'failed', says, todo: expect.any(String) });
  },
);

it('a version of any length takes one short line', () => {
  const { says } = checkLitellm(answered({ litellm_version: 'x'.repeat(10_000), config_lines: [] }), null);
  expect(says.length).toBeLessThan(100);
});

it('a reason of any length is cut', () => {
  const { says } = checkLitellm({ kind: 'unreachable', why: 'x'.repeat(10_000) }, null);
  expect(says.length).toBeLessThan(600);
});
