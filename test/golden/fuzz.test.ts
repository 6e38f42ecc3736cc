import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routedTable } from '../../src/server/http/route-table.ts';
import { downView, upView } from './fleet-double.ts';
import { ADMIN, measuredPod, SCOPED } from './measured-pod.ts';

// Whatever is sent, the answer is one that the route promises: never 500, never silence. The pod's logger throws, so a
// line about a request that failed fails here as well.

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '..',
    '%',
    '%E0%A4%A',
    '%00',
    '__proto__',
    'constructor',
    '*',
    'ok-chat',
    '\u2028',
    '😀',
    '{}',
    '//',
  ),
);
const path = fc.oneof(
  fc
    .tuple(fc.constantFrom(...routedTable.flatMap(({ paths }) => paths)), oddText)
    .map(([template, text]) => template.replace(/\{\w+\}/, encodeURIComponent(wellFormed(text)))),
  fc.array(oddText, { maxLength: 4 }).map((parts) => `/${parts.map(wellFormed).join('/')}`),
);
const name = fc.oneof(
  oddText,
  fc.constantFrom('model', 'model_id', 'service', 'healthy_only', 'litellm_model_id', 'limit', 'offset'),
);
const query = fc.oneof(
  fc.constant(''),
  fc.array(fc.tuple(name, oddText), { maxLength: 4 }).map((pairs) => {
    return `?${new URLSearchParams(pairs.map(([key, value]) => [wellFormed(key), wellFormed(value)] as [string, string])).toString()}`;
  }),
  oddText.map((text) => `?${wellFormed(text)}`),
);
const headers = fc.dictionary(
  fc.constantFrom('authorization', 'x-api-key', 'api-key', 'x-drain-token', 'last-event-id', 'content-type', 'accept'),
  fc.oneof(
    fc.stringMatching(/^[\x20-\x7e]{0,30}$/),
    fc.constantFrom(`Bearer ${ADMIN}`, `Bearer ${SCOPED}`, 'Bearer sk-master', 'sk-master', 'application/json'),
  ),
);
const body = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.json(),
  fc
    .record({ litellm_params: fc.dictionary(oddText, fc.jsonValue()), model_info: fc.jsonValue() })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ model: fc.jsonValue(), api_base: fc.jsonValue(), api_key: fc.jsonValue() }, { requiredKeys: [] })
    .map((params) => JSON.stringify({ litellm_params: params })),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH');
const authorized = fc.constantFrom(undefined, 'sk-master', ADMIN, SCOPED);

describe.each(['background_health_checks: true', 'background_health_checks: false'])('with %s', (settings) => {
  it('every request gets an answer that its route promises', async () => {
    const pod = measuredPod(settings);
    pod.fleet.set(upView(pod.target('ok-chat')));
    pod.fleet.set(downView(pod.target('bad-500'), { class: 'server', status: 500, message: 'HTTP 500' }));
    await fc.assert(
      fc.asyncProperty(fc.record({ method, path, query, headers, body, authorized }), async (sent) => {
        const request = requestOf(sent);
        fc.pre(request !== undefined);
        const answer = await pod.handle(request);
        expect(answer.status).toBeLessThan(answer.status === 503 ? 504 : 500);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        await answer.body?.cancel();
      }),
      { numRuns: 1_500, examples: [[lineSeparator]] },
    );
  }, 60_000);
});

// No dot of a regular expression takes a line separator.
const lineSeparator: Sent = {
  method: 'GET',
  path: '/fleet/targets/%E2%80%A8/check',
  query: '',
  headers: {},
  body: undefined,
  authorized: 'sk-master',
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly authorized: string | undefined;
}

/** Undefined for what no client could send. */
function requestOf({
  method: verb,
  path: where,
  query: asked,
  headers: given,
  body: text,
  authorized: key,
}: Sent): Request | undefined {
  try {
    const init = { method: verb, headers: { ...given, ...(key !== undefined && { authorization: `Bearer ${key}` }) } };
    const hasBody = text !== undefined && verb !== 'GET' && verb !== 'HEAD';
    return new Request(`http://pod${where}${asked}`, hasBody ? { ...init, body: text } : init);
  } catch {
    return undefined;
  }
}

/** Half of a pair of surrogates cannot be encoded. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
