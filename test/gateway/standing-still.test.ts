import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { chatAnswer, chunk } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// A real process that stands still, as without processor time, while upstreams answer in time.

const opened = closingAfterEach();
let stage: CliStage;
beforeEach(() => {
  stage = openCliStage();
});
afterEach(async () => await stage.close());

const LIMIT_S = 2;

/** Answers once the test says so. */
function held(): { script: Script; answer: () => void } {
  let answer = (): void => {};
  const said = new Promise<void>((resolve) => (answer = resolve));
  const script: Script = async (response, { json }) => {
    if (json['stream'] === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk('begun '));
      await said;
      response.end(`${chunk('done', 'stop')}data: [DONE]\n\n`);
      return;
    }
    await said;
    response.writeHead(200, { 'content-type': 'application/json' }).end(chatAnswer('hello'));
  };
  return { script, answer: () => answer() };
}

it('fault: after a pod stood still it blames upstreams that answered, asks again, and cuts streams', async () => {
  const { script, answer } = held();
  const upstream = await opened.upstream(script);
  const config = stage.file(
    'pod.yaml',
    `model_list:\n${deployment('m', upstream.url, { params: `timeout: ${LIMIT_S}` })}` +
      `fleet_health: { gateway: { idle_timeout: ${LIMIT_S} } }\ngeneral_settings: { master_key: ${KEY} }\n`,
  );
  const pod = stage.spawn(['serve', '--config', config, '--host', '127.0.0.1', '--port', '0']);
  const url = await until(() => /listens on (http:\/\/\S+)/.exec(pod.stdout())?.[1], {
    withinMs: 20_000,
    what: 'a pod to listen',
  });
  const chat = async (stream: boolean): Promise<[number, string]> => {
    const answered = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [], stream }),
    });
    return [answered.status, await answered.text()];
  };
  const asked = [chat(false), chat(false), chat(false), chat(true)];
  await until(() => upstream.requests.length === 4, { withinMs: 1_500, what: 'the requests at the upstream' });

  pod.signal('SIGSTOP');
  answer();
  // Time is what this test is about: the limits run out while the process is stopped.
  await after(LIMIT_S * 2_000);
  pod.signal('SIGCONT');

  const [first, second, third, streamed] = await Promise.all(asked);
  expect([first, second, third]).toEqual(Array.from({ length: 3 }, () => [200, chatAnswer('hello')]));
  expect(streamed).toEqual([200, `${chunk('begun ')}${chunk('done', 'stop')}data: [DONE]\n\n`]);
  expect(upstream.requests).toHaveLength(4);
  expect(pod.stdout() + pod.stderr()).not.toContain('Avoiding');
}, 60_000);
