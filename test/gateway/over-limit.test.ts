import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { answersWell } from './support/scripted-upstream.ts';

const opened = closingAfterEach();

it('fault: requests beyond the limits of a group are answered 429, and no line says so', async () => {
  const upstream = await opened.upstream(answersWell);
  const model = `{ model: openai/m, api_base: "${upstream.url}", api_key: sk-x, rpm: 1 }`;
  const pod = await opened.pod(
    `model_list: [{ model_name: m, litellm_params: ${model} }]\nrouter_settings: { num_retries: 0 }\n`,
  );
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await pod.chat('m');
    statuses.push(answer.status);
    // oxlint-disable-next-line no-await-in-loop
    await answer.text();
  }
  expect(statuses).toEqual([200, 429, 429, 429]);
  const said = pod.lines.filter((line) => line.includes('are answered 429'));
  expect(said).toEqual([
    expect.stringMatching(/^warn Requests for m are answered 429: all its deployments are at their limits in this pod/),
  ]);
});
