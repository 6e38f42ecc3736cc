import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';

const opened = closingAfterEach();

it('counts what answered requests cost: by the price of the file, else by list price, and nothing without one', async () => {
  const upstream = await opened.upstream((response) => {
    const usage = { prompt_tokens: 300_000, completion_tokens: 1_000, total_tokens: 301_000 };
    const choices = [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }];
    const body = { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices, usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const { url } = upstream;
  const price = 'input_cost_per_token: 0.000001, output_cost_per_token: 0.000002';
  const pod = await opened.pod(`model_list:
${deployment('own', url, { params: price, info: 'id: own' })}${deployment('listed', url, { model: 'openai/gpt-4o', info: 'id: listed' })}${deployment('unknown', url, { info: 'id: unknown' })}`);
  for (const group of ['own', 'listed', 'listed', 'unknown']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await pod.chat(group)).status).toBe(200);
  }
  const text = await (await fetch(`${pod.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
  const spent = [...text.matchAll(/^allswell_request_spend_usd_total\{deployment="(\w+)",group="\w+"\} ([\d.]+)$/gm)];
  // gpt-4o: $2.50 and $10 for a million tokens.
  expect(Object.fromEntries(spent.map(([, id, usd]) => [id, Number(usd).toFixed(6)]))).toEqual({
    own: '0.302000',
    listed: '1.520000',
  });
});
