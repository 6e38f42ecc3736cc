import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import { genaiPrices } from '../providers/pricing/index.ts';
import { exampleTarget, noLogins, realClock, startMockUpstream } from '../testing/index.ts';
import type { MockUpstream } from '../testing/index.ts';
import { createTransport } from '../upstream/index.ts';
import type { Transport } from '../upstream/index.ts';
import { httpProber } from './index.ts';

let upstream: MockUpstream;
let transport: Transport;
beforeEach(async () => {
  upstream = await startMockUpstream();
  transport = createTransport({ clock: realClock() });
});
afterEach(async () => {
  await transport.close();
  await upstream.close();
});

async function costOf(changes: Partial<ProbeTarget>): Promise<number | undefined> {
  const target = exampleTarget({ apiBase: upstream.apiBase, ...changes });
  const random = { next: () => 0, id: (length: number) => 'x'.repeat(length) };
  const clock = realClock();
  const prober = httpProber({
    targets: () => target,
    clock,
    random,
    prices: genaiPrices(),
    transport,
    logins: noLogins,
    version: '1',
  });
  return (await prober.probe(target.id, 'inference', new AbortController().signal)).costUsd;
}

describe('a probe costs', () => {
  // The mock counts 12 tokens in and 5 out, and 4 for an embedding. Dollars for a million tokens in and out are
  // those of the vendors' price lists.
  it.each([
    ['gpt-4o-mini at 0.15 and 0.60', 'gpt-4o-mini', {}, 0.000_004_8],
    ['gpt-4o at 2.50 and 10', 'gpt-4o', {}, 0.000_08],
    ['o3-mini at 1.10 and 4.40', 'o3-mini', { limitName: 'max_completion_tokens' }, 0.000_035_2],
    ['text-embedding-3-small at 0.02', 'text-embedding-3-small', { mode: 'embedding' }, 0.000_000_08],
    ['a model with a price of its own, 1 and 2', 'my-own', { price: { input: 1e-6, output: 2e-6 } }, 0.000_022],
  ] as const)('as its vendor lists it: %s', async (_, upstreamModel, changes, usd) => {
    expect(await costOf({ upstreamModel, priceModel: upstreamModel, ...changes })).toBeCloseTo(usd, 12);
  });

  it('nothing that anybody knows where no list has the model', async () => {
    expect(await costOf({ upstreamModel: 'my-own', priceModel: 'my-own' })).toBeUndefined();
    expect(await costOf({ provider: 'hosted_vllm' })).toBeUndefined();
  });
});

describe('fault: thinking tokens ignore the token cap (cost bomb)', () => {
  const choices = [{ finish_reason: 'stop', message: { role: 'assistant', content: 'fine' } }];
  const thinking = async (usage: object): Promise<number | undefined> => {
    upstream.set('gpt-4o-mini', { kind: 'status', status: 200, body: { choices, usage } });
    return await costOf({});
  };

  it('brings what the thoughts cost, be they counted in the answer or beside it', async () => {
    // 12 tokens in for $0.15 a million, 60,000 out for $0.60 a million: $0.0000018 and $0.036.
    const counted = { prompt_tokens: 12, completion_tokens: 60_000, total_tokens: 60_012 };
    expect(await thinking(counted)).toBeCloseTo(0.036_001_8, 12);
    expect(await thinking({ ...counted, completion_tokens: 5 })).toBeCloseTo(0.036_001_8, 12);
  });

  it('takes half a count for no price, and not for a cheap one', async () => {
    expect(await thinking({ prompt_tokens: 12 })).toBeUndefined();
    expect(await thinking({ completion_tokens: 5 })).toBeUndefined();
  });
});
