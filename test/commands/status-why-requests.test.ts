import { afterEach, beforeEach, expect, it } from 'vitest';
import { startMockUpstream, until } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { MASTER_KEY, openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';

// What `status --why` of one process says about the requests of another one.

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly says: string;
}

let cli: CliStage;
let upstream: MockUpstream;
beforeEach(async () => {
  cli = openCliStage();
  upstream = await startMockUpstream();
});
afterEach(async () => {
  await cli.close();
  await upstream.close();
});

interface Entry {
  readonly group: string;
  readonly model?: string;
  readonly probed?: string;
  readonly params?: string;
}

/** Requests ask `model`, probes ask `probed`. */
const entry = ({ group, model = group, probed = model, params = '' }: Entry): string =>
  `  - { model_name: ${group}, litellm_params: { model: openai/${model}, api_base: "${upstream.apiBase}", api_key: sk-x${params} }, ` +
  `model_info: { id: ${model}, health_check_model: openai/${probed}, health_check_timeout: 1 } }\n`;

const podOf = async (
  entries: readonly Entry[],
  more = '',
  env: Readonly<Record<string, string>> = {},
): Promise<string> =>
  await cli.pod(
    `model_list:\n${entries.map(entry).join('')}general_settings: { background_health_checks: true, health_check_interval: 2 }\n${more}\n`,
    { LITELLM_MASTER_KEY: MASTER_KEY, ...env },
  );

/** Status of the answer; 499 where `leaveMs` passed before. */
async function ask(url: string, model: string, leaveMs = 20_000): Promise<number> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    signal: AbortSignal.timeout(leaveMs),
  }).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status ?? 499;
}

async function asked(url: string, model: string, count: number, leaveMs?: number): Promise<readonly number[]> {
  return await Promise.all(Array.from({ length: count }, async () => await ask(url, model, leaveMs)));
}

const why = async (url: string): Promise<{ status: number | null; findings: readonly Finding[] }> => {
  const { status, stdout } = await cli.run(['status', '--why', '--json', '--url', url]);
  return { status, findings: (JSON.parse(stdout) as { findings: readonly Finding[] }).findings };
};
const found = async (url: string, code: string): Promise<Finding> =>
  await until(async () => (await why(url)).findings.find((one) => one.code === code), {
    withinMs: 25_000,
    what: code,
    everyMs: 200,
  });
const untilState = async (url: string, model: string, state: string): Promise<void> => {
  const look = async (): Promise<boolean> => {
    const { stdout } = await cli.run(['status', '--json', '--url', url]);
    const { pods } = JSON.parse(stdout) as { pods: { fleet: { targets: { model: string; state: string }[] } }[] };
    return pods[0]?.fleet.targets.some((one) => one.model.includes(model) && one.state === state) === true;
  };
  await until(look, { withinMs: 20_000, what: `${model} to be ${state}`, everyMs: 200 });
};

it('clients leave a deployment that hangs, while its probes pass', async () => {
  upstream.set('hanging', { kind: 'hang' });
  const url = await podOf([{ group: 'chat', model: 'hanging', probed: 'fine' }], '', { POD_NAME: 'pod-of-the-test' });
  await untilState(url, 'fine', 'up');
  expect(await asked(url, 'chat', 4, 400)).toEqual([499, 499, 499, 499]);
  const { says, level } = await found(url, 'clients-leave');
  expect(level).toBe('problem');
  expect(says).toMatch(
    /^4 of 4 clients of chat left pod-of-the-test\/\S+ before the first byte of an answer in the last minute\. They waited for hanging \(4\)\.$/,
  );
  expect((await why(url)).status).toBe(1);
});

it('requests are refused by max_in_flight and by rpm', async () => {
  upstream.set('held', { kind: 'hold' });
  const entries = [
    { group: 'held', probed: 'fine' },
    { group: 'limited', params: ', rpm: 1' },
  ];
  const url = await podOf(entries, 'fleet_health: { gateway: { max_in_flight: 2 } }');
  expect(await asked(url, 'limited', 1)).toEqual([200]);
  expect(await asked(url, 'limited', 2)).toEqual([429, 429]);
  const holding = asked(url, 'held', 2);
  await until(() => upstream.traffic('held') === 2, { withinMs: 10_000, what: 'both requests at the upstream' });
  expect(await asked(url, 'held', 3)).toEqual([503, 503, 503]);
  upstream.set('held', { kind: 'ok' });
  expect(await holding).toEqual([200, 200]);
  expect((await found(url, 'requests-refused')).says).toContain('answered 3 requests with 503 in the last');
  expect((await found(url, 'deployments-at-limit')).says).toMatch(/answered 2 of 3 requests for limited with 429/);
  expect((await why(url)).status).toBe(1);
});

it('no deployment of a group is routable: a note while requests succeed, a problem when they fail', async () => {
  upstream.set('dead', { kind: 'status', status: 500 });
  const url = await podOf([{ group: 'good', model: 'good', probed: 'dead' }, { group: 'dead' }]);
  await untilState(url, 'dead', 'down');
  expect(await asked(url, 'good', 3)).toEqual([200, 200, 200]);
  expect(await found(url, 'panic-routing')).toMatchObject({
    level: 'note',
    says: expect.stringContaining('No deployment of good is routable'),
  });
  expect(await asked(url, 'dead', 1)).toEqual([500]);
  expect(await found(url, 'no-routable-deployment')).toMatchObject({
    level: 'problem',
    says: expect.stringContaining('No deployment of dead is routable'),
  });
});

it('the retry budget is spent', async () => {
  for (const model of ['one', 'two']) upstream.set(model, { kind: 'status', status: 500 });
  const entries = ['one', 'two'].map((model) => ({ group: 'chat', model, probed: `fine-${model}` }));
  const url = await podOf(entries, 'router_settings: { num_retries: 3, retry_after: 0 }');
  expect(new Set(await asked(url, 'chat', 20))).toEqual(new Set([500]));
  const { says, level } = await found(url, 'retry-budget-spent');
  expect(level).toBe('problem');
  expect(says).toMatch(/it refused \d+ further attempts for chat in the last minute\.$/);
});

it('requests of the pod keep failing while probes pass', { timeout: 60_000 }, async () => {
  upstream.set('broken', { kind: 'status', status: 500 });
  const url = await podOf([{ group: 'chat', model: 'broken', probed: 'fine' }]);
  await untilState(url, 'fine', 'up');
  const look = async (): Promise<Finding | undefined> => {
    await asked(url, 'chat', 2);
    return (await why(url)).findings.find(({ code }) => code === 'requests-fail-probes-pass');
  };
  const { says, level } = await until(look, { withinMs: 45_000, what: 'the finding', everyMs: 200 });
  expect(level).toBe('problem');
  expect(says).toMatch(
    /^Requests of \S+ to chat \(openai\/fine\) keep failing \(server\), last at \S+Z, and probes of it pass\.$/,
  );
});
