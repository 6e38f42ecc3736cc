import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment } from './support/gateway-pod.ts';
import { answers, answersWell } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// A wildcard's deployment is asked for the model that the caller names, which may not exist.

const opened = closingAfterEach();
const knowsOne: Script = (response, request, number) =>
  (request.json['model'] === 'gpt-4o' ? answersWell : answers(404, { code: 'model_not_found' }))(
    response,
    request,
    number,
  );

it('fault: one unknown name keeps all callers of a wildcard away from its deployments', async () => {
  const [first, second] = [await opened.upstream(knowsOne), await opened.upstream(knowsOne)];
  const spare = await opened.upstream(answers(404, { code: 'model_not_found' }));
  const wildcard = (url: string): string => deployment('openai/*', url, { model: 'openai/*' });
  const gateway = await opened.pod(
    `model_list:\n${wildcard(first.url)}${wildcard(second.url)}${deployment('spare', spare.url)}` +
      'router_settings: { fallbacks: [{ "openai/*": [spare] }] }\n',
  );
  const unknown = await gateway.chat('openai/gpt-9');
  expect([unknown.status, first.requests.length, second.requests.length, spare.requests.length]).toEqual([
    404, 1, 1, 1,
  ]);
  for (let count = 0; count < 10; count += 1) {
    const known = await gateway.chat('openai/gpt-4o');
    expect([known.status, known.headers.get('x-allswell-attempts')]).toEqual([200, '1']);
  }
  // The fallback has a model of its own, so it is at fault itself.
  expect(gateway.lines.filter((line) => line.includes('Avoiding'))).toEqual([
    expect.stringContaining('Avoiding openai/upstream-model'),
  ]);
});

it('a wildcard group whose deployment has one model is avoided as any other', async () => {
  const gone = await opened.upstream(answers(404, { code: 'model_not_found' }));
  const gateway = await opened.pod(`model_list:\n${deployment('any/*', gone.url)}`);
  await gateway.chat('any/thing');
  expect(gateway.lines.filter((line) => line.includes('Avoiding'))).toHaveLength(1);
});
