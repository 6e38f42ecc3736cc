import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { PriceBook } from '../../providers/pricing/index.ts';
import { deploymentsByRoutedId, routedDeploymentsOf, uncallableGroups } from './routed-deployments.ts';

function config(model_list: readonly object[], more: object = {}): AllswellConfig {
  const loaded = loadConfig({ text: JSON.stringify({ model_list, ...more }), env: {}, readFile: () => '' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const entry = (litellm_params: object, model_info: object = {}, model_name = 'm'): object => {
  return { model_name, litellm_params: { model: 'openai/gpt-4o', api_key: 'k', ...litellm_params }, model_info };
};

const noPrices: PriceBook = { costUsd: () => undefined };
const routed = (...asked: Parameters<typeof config>): ReturnType<typeof routedDeploymentsOf> =>
  routedDeploymentsOf(config(...asked), noPrices);

describe('routed deployments', () => {
  it('have group, target, limits and tags of the file, and nothing else', () => {
    const limits = { rpm: 1, tpm: 2, weight: 3, order: 4, max_parallel_requests: 5, timeout: 6, stream_timeout: 7 };
    const read = config([entry({ ...limits, tags: ['paid'] }, { id: 'one' })]);
    expect(routedDeploymentsOf(read, noPrices)).toEqual([
      {
        id: 'one',
        group: 'm',
        target: read.targets[0]!.id,
        rpm: 1,
        tpm: 2,
        weight: 3,
        order: 4,
        maxParallel: 5,
        timeoutMs: 6_000,
        streamTimeoutMs: 7_000,
        tags: ['paid'],
      },
    ]);
    expect(routed([entry({}, { id: 'two' })])).toEqual([
      { id: 'two', group: 'm', target: expect.any(String), tags: [] },
    ]);
  });

  it('are those that requests can be sent to', () => {
    const onlyProbed = entry(
      { model: 'nameless' },
      { health_check_model: 'openai/x', health_check_params: { api_base: 'https://x.example' } },
    );
    const onlyConnected = entry({ model: 'replicate/x', api_base: 'https://x.example' }, { id: 'mute' });
    expect(routed([onlyProbed, onlyConnected, entry({}, { id: 'fine' })]).map(({ id }) => id)).toEqual(['fine']);
  });

  it('leave out what no upstream is known for; its group says why, unless another deployment can be called', () => {
    const nowhere = entry({ model: 'sagemaker/x', api_key: undefined }, {}, 'nowhere');
    const read = config([nowhere, entry({ model: 'sagemaker/x' }), entry({}, { id: 'fine' })], {
      router_settings: { model_group_alias: { other: 'nowhere' } },
    });
    expect(routedDeploymentsOf(read, noPrices).map(({ id }) => id)).toEqual(['fine']);
    expect([...uncallableGroups(read).keys()]).toEqual(['nowhere', 'other']);
    expect(uncallableGroups(read).get('other')).toEqual({
      group: 'nowhere',
      why: expect.stringContaining('api_base is missing, and allswell does not support the API of sagemaker'),
    });
  });

  it('have the pattern of a wildcard for a group', () => {
    expect(routed([entry({ model: 'openai/*' }, {}, 'openai/*')])).toMatchObject([{ group: 'openai/*' }]);
  });

  it('have ids of their own where an entry has several organizations', () => {
    const read = config([entry({ organization: ['a', 'b', 'c'] }, { id: 'one' })]);
    expect(routedDeploymentsOf(read, noPrices).map(({ id }) => id)).toEqual(['one', 'one#2', 'one#3']);
    const organizations = [...deploymentsByRoutedId(read)].map(([id, { call }]) => [id, call.organization]);
    expect(organizations).toEqual([
      ['one', 'a'],
      ['one#2', 'b'],
      ['one#3', 'c'],
    ]);
  });
});

describe('the deadline of a stream', () => {
  it.each([
    [{}, undefined],
    [{ stream_timeout: 9 }, undefined],
    [{ timeout: 9 }, 6_000],
    [{ timeout: 9, stream_timeout: 9 }, undefined],
  ])('is the timeout of the deployment, unless router_settings limit streams: %j', (router_settings, expected) => {
    const timeout = Object.keys(router_settings).length === 0 ? {} : { timeout: 6 };
    expect(routed([entry(timeout)], { router_settings })[0]?.streamTimeoutMs).toBe(expected);
  });
});

describe('prices', () => {
  const cost = { router_settings: { routing_strategy: 'cost-based-routing' } };
  const asked: string[] = [];
  const prices: PriceBook = {
    costUsd: ({ provider, model, inputTokens, outputTokens }) => {
      asked.push(`${provider}/${model}`);
      return model === 'gpt-4o' ? inputTokens * 0.25 + outputTokens * 0.5 : undefined;
    },
  };
  const priceOf = (model: object): number | undefined =>
    routedDeploymentsOf(config([model], cost), prices)[0]?.usdPerToken;

  it('are those of the file, else of the price list by base_model or name', () => {
    expect(priceOf(entry({ input_cost_per_token: 1, output_cost_per_token: 2 }))).toBe(3);
    expect(priceOf(entry({}))).toBe(0.75);
    expect(priceOf(entry({ output_cost_per_token: 2 }))).toBe(2.25);
    const azure = { model: 'azure/prod', api_base: 'https://x.example' };
    expect(priceOf(entry(azure, { base_model: 'gpt-4o' }))).toBe(0.75);
    expect(priceOf(entry(azure))).toBeUndefined();
  });

  it('are those of what requests call, not of what the probe calls', () => {
    expect(priceOf(entry({ model: 'openai/other' }, { health_check_model: 'openai/gpt-4o' }))).toBeUndefined();
  });

  it('are not looked up for any other strategy', () => {
    asked.length = 0;
    routedDeploymentsOf(config([entry({})]), prices);
    expect(asked).toEqual([]);
  });
});
