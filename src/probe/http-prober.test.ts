import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import type { Outcome } from '../health/index.ts';
import type { Clock, ProbeResult } from '../ports/index.ts';
import { genaiPrices } from '../providers/pricing/index.ts';
import { exampleTarget, manualClock, noLogins, realClock, startMockUpstream, until } from '../testing/index.ts';
import type { Behaviour, MockUpstream } from '../testing/index.ts';
import { createTransport } from '../upstream/index.ts';
import type { Transport } from '../upstream/index.ts';
import { httpProber } from './index.ts';

const never = new AbortController().signal;
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

function targetOf(changes: Partial<ProbeTarget> = {}): ProbeTarget {
  return exampleTarget({ apiBase: upstream.apiBase, ...changes });
}

interface Asked {
  readonly target?: Partial<ProbeTarget>;
  readonly behaviour?: Behaviour;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly random?: number;
  readonly transport?: Transport;
}

async function probe(asked: Asked = {}): Promise<ProbeResult> {
  const target = targetOf(asked.target);
  if (asked.behaviour !== undefined) upstream.set(target.upstreamModel, asked.behaviour);
  const prober = httpProber({
    targets: (id) => (id === target.id ? target : undefined),
    clock: asked.clock ?? realClock(),
    random: { next: () => asked.random ?? 0, id: (length) => 'x'.repeat(length) },
    prices: genaiPrices(),
    transport: asked.transport ?? transport,
    logins: noLogins,
    version: '1.2.3',
  });
  return prober.probe(target.id, 'inference', asked.signal ?? never);
}

const lastBody = (model = 'gpt-4o-mini'): unknown => upstream.model(model).last?.body;

function failureIn(outcome: Outcome): { class: string; status?: number; message: string } {
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome.failure;
}

describe('a probe by inference', () => {
  it('asks once, marked as a probe, with the key, and brings tokens, cost and time', async () => {
    const result = await probe();
    expect(result).toMatchObject({ outcome: { kind: 'ok' }, level: 'inference', inputTokens: 12, outputTokens: 5 });
    expect(result.costUsd).toBeCloseTo(0.000_004_8, 10);
    expect(result.latencyMs).toBeGreaterThan(0);
    expect(upstream.probes('gpt-4o-mini')).toBe(1);
    expect(upstream.model('gpt-4o-mini').last?.headers).toMatchObject({
      'user-agent': 'allswell/1.2.3 (health probe)',
      authorization: 'Bearer sk-upstream',
      'content-type': 'application/json',
    });
  });

  it('asks one of two questions at random, and a configured one as it is', async () => {
    const asked = async (random: number, prompt = "What's 1 + 1?"): Promise<unknown> => {
      await probe({ random, target: { prompt } });
      return lastBody();
    };
    const body = { model: 'gpt-4o-mini', max_tokens: 16 };
    expect(await asked(0)).toEqual({ ...body, messages: [{ role: 'user', content: "Hey how's it going?" }] });
    expect(await asked(0.99)).toEqual({ ...body, messages: [{ role: 'user', content: "What's 1 + 1?" }] });
    expect(await asked(0, 'ping')).toEqual({ ...body, messages: [{ role: 'user', content: 'ping' }] });
  });

  it('asks completions and embeddings in their own shape', async () => {
    const shape = { prompt: 'test from litellm' };
    expect((await probe({ target: { ...shape, mode: 'completion' } })).outcome).toEqual({ kind: 'ok' });
    expect(lastBody()).toEqual({ model: 'gpt-4o-mini', max_tokens: 16, prompt: 'test from litellm' });
    const result = await probe({ target: { ...shape, mode: 'embedding', upstreamModel: 'e', priceModel: 'e' } });
    expect(result).toMatchObject({ outcome: { kind: 'ok' }, inputTokens: 4 });
    expect(result.costUsd).toBeUndefined();
    expect(lastBody('e')).toEqual({ model: 'e', max_tokens: 16, input: ['test from litellm'] });
  });

  it("asks for a response in its own shape, and for a message in Anthropic's", async () => {
    const shape = { mode: 'responses', prompt: 'ping' } as const;
    const answered = { outcome: { kind: 'ok' }, inputTokens: 12, outputTokens: 5 };
    expect(await probe({ target: shape })).toMatchObject(answered);
    expect(lastBody()).toEqual({ model: 'gpt-4o-mini', max_output_tokens: 16, input: 'ping' });
    const model = { upstreamModel: 'claude-sonnet-4-5', priceModel: 'claude-sonnet-4-5' };
    const result = await probe({ target: { ...model, provider: 'anthropic', wire: 'anthropic', prompt: 'ping' } });
    expect(result).toMatchObject(answered);
    expect(result.costUsd).toBeCloseTo(0.000_111, 10);
    const asked = { model: 'claude-sonnet-4-5', max_tokens: 16, messages: [{ role: 'user', content: 'ping' }] };
    expect(lastBody('claude-sonnet-4-5')).toEqual(asked);
  });

  it('speaks Azure with its path, version and key header', async () => {
    const target = { wire: 'azure', provider: 'azure', apiBase: upstream.url, apiVersion: '2024-10-21' } as const;
    expect((await probe({ target })).outcome).toEqual({ kind: 'ok' });
    const last = upstream.model('gpt-4o-mini').last;
    expect(last?.path).toBe('/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21');
    expect(last?.headers).toMatchObject({ 'api-key': 'sk-upstream' });
    expect(last?.headers['authorization']).toBeUndefined();
  });

  it('shows limits by header, and nothing else of the headers', async () => {
    const headers = { 'X-RateLimit-Remaining-Requests': '99', 'x-ms-region': 'West Europe', 'set-cookie': 'a=b' };
    const { limits } = await probe({ behaviour: { kind: 'ok', headers } });
    expect(limits).toEqual({ 'x-ratelimit-remaining-requests': '99', 'x-ms-region': 'West Europe' });
  });

  it("shows Anthropic's limits under the same names", async () => {
    const headers = {
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-tokens-remaining': '9000',
      'anthropic-organization-id': 'org',
    };
    const { limits } = await probe({ behaviour: { kind: 'ok', headers } });
    expect(limits).toEqual({ 'x-ratelimit-remaining-requests': '49', 'x-ratelimit-remaining-tokens': '9000' });
  });

  it('is priced by the configuration where it says so', async () => {
    expect((await probe({ target: { price: { input: 1, output: 10 } } })).costUsd).toBe(62);
  });
});

describe('fault: probe inherits tools or parameters that change its meaning', () => {
  it('starts from health_check_params alone, and the fields of the probe win', async () => {
    const healthCheckParams = { temperature: 0, model: 'other', max_tokens: 9_999, messages: [], stream: true };
    await probe({ target: { healthCheckParams } });
    expect(lastBody()).toEqual({
      model: 'gpt-4o-mini',
      max_tokens: 16,
      temperature: 0,
      messages: [{ role: 'user', content: "Hey how's it going?" }],
    });
  });
});

describe('fault: thinking tokens ignore the token cap', () => {
  it('caps a reasoning model under the name that counts thoughts, and asks it to think little', async () => {
    const healthCheckParams = { max_tokens: 50_000 };
    await probe({
      target: { limitName: 'max_completion_tokens', reasoningEffort: 'minimal', maxTokens: 64, healthCheckParams },
    });
    expect(lastBody()).toMatchObject({ max_completion_tokens: 64, reasoning_effort: 'minimal' });
    expect(lastBody()).not.toHaveProperty('max_tokens');
  });

  it('keeps the common name where the provider knows no other', async () => {
    await probe({ target: { limitName: 'max_tokens', provider: 'hosted_vllm' } });
    expect(lastBody()).toMatchObject({ max_tokens: 16 });
  });

  it('stops to read an answer that outgrows any probe', async () => {
    const { outcome } = await probe({ behaviour: { kind: 'oversized', bytes: 100_000_000 } });
    expect(failureIn(outcome)).toMatchObject({ class: 'server', status: 200 });
    await until(() => upstream.model('gpt-4o-mini').probes.inFlight === 0, { withinMs: 2_000, what: 'hanging up' });
  });
});

describe('fault: probe of reasoning models fails by token floor, or passes vacuously', () => {
  const answer = (fields: object): Behaviour => ({ kind: 'status', status: 200, body: fields });

  it('passes on a stop at the token limit, be it an answer or a 400', async () => {
    const choice = { finish_reason: 'length', message: { role: 'assistant', content: '' } };
    expect((await probe({ behaviour: answer({ choices: [choice] }) })).outcome).toEqual({ kind: 'ok' });
    const message = 'Could not finish the message because max_tokens or model output limit was reached.';
    const body = { error: { message } };
    expect((await probe({ behaviour: { kind: 'status', status: 400, body } })).outcome).toEqual({ kind: 'ok' });
  });

  it('does not pass on an answer that holds nothing', async () => {
    for (const kind of ['empty', 'malformed'] as const) {
      expect(failureIn((await probe({ behaviour: { kind } })).outcome)).toMatchObject({ class: 'server', status: 200 });
    }
  });
});

describe('a failure', () => {
  it.each([
    [{ kind: 'status', status: 401 }, 'auth', 401],
    [{ kind: 'status', status: 402 }, 'quota', 402],
    [{ kind: 'status', status: 404 }, 'not-found', 404],
    [{ kind: 'status', status: 400 }, 'bad-probe', 400],
    [{ kind: 'status', status: 500 }, 'server', 500],
    [{ kind: 'status', status: 429 }, 'overloaded', 429],
    [{ kind: 'reset' }, 'network', undefined],
    [{ kind: 'hang' }, 'timeout', 408],
    [{ kind: 'stall' }, 'timeout', 408],
    [{ kind: 'drip', everyMs: 10 }, 'timeout', 408],
  ] as [Behaviour, string, number | undefined][])(
    '%j is of class %s, after one request',
    async (behaviour, name, status) => {
      // An answer on a busy machine may take longer than the wait for a timeout.
      const target = name === 'timeout' ? { timeoutMs: 200 } : {};
      const failure = failureIn((await probe({ behaviour, target })).outcome);
      expect([failure.class, failure.status]).toEqual([name, status]);
      expect(upstream.probes('gpt-4o-mini')).toBe(1);
    },
  );

  it("is read in Anthropic's words, too", async () => {
    const target = { provider: 'anthropic', wire: 'anthropic' } as const;
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const { outcome } = await probe({ target, behaviour: { kind: 'status', status: 529, body } });
    expect(failureIn(outcome)).toMatchObject({ class: 'overloaded', status: 529, message: 'Overloaded' });
    expect(failureIn((await probe({ target, behaviour: { kind: 'empty' } })).outcome).class).toBe('server');
  });

  it('keeps how long the upstream wants to be left alone', async () => {
    const { outcome } = await probe({ behaviour: { kind: 'status', status: 429, headers: { 'retry-after': '30' } } });
    expect(failureIn(outcome)).toMatchObject({ class: 'overloaded', retryAfterMs: 30_000 });
  });

  it('is of the network where nobody listens', async () => {
    await upstream.setFault('all', 'refuse');
    expect(failureIn((await probe()).outcome).class).toBe('network');
  });

  it('is a bad probe where the key cannot be written into a header', async () => {
    const failure = failureIn((await probe({ target: { apiKey: 'sk-pasted\nwith-a-break' } })).outcome);
    expect(failure.class).toBe('bad-probe');
    expect(failure.message).not.toContain('pasted');
  });
});

describe('the deadline', () => {
  it('says what was waited for', async () => {
    const messageOf = async (behaviour: Behaviour): Promise<string> =>
      failureIn((await probe({ behaviour, target: { timeoutMs: 100 } })).outcome).message;
    expect(await messageOf({ kind: 'hang' })).toBe('no answer within 100 ms');
    expect(await messageOf({ kind: 'drip', everyMs: 5 })).toBe('no complete answer within 100 ms');
  });

  it('runs on the clock that was handed in, and a slow answer within it is good', async () => {
    const clock = manualClock();
    upstream.set('gpt-4o-mini', { kind: 'hang' });
    const hung = probe({ clock, target: { timeoutMs: 60_000 } });
    await until(() => upstream.probes('gpt-4o-mini') === 1, { withinMs: 2_000, what: 'the probe' });
    clock.advance(59_999);
    expect(upstream.model('gpt-4o-mini').probes.inFlight).toBe(1);
    clock.advance(1);
    expect(failureIn((await hung).outcome).class).toBe('timeout');
    expect(clock.pending()).toBe(0);
    expect((await probe({ behaviour: { kind: 'slow', ms: 100 } })).outcome).toEqual({ kind: 'ok' });
  });
});

describe('no evidence', () => {
  it('comes from an abort, which ends the request', async () => {
    upstream.set('gpt-4o-mini', { kind: 'hang' });
    const stop = new AbortController();
    const result = probe({ signal: stop.signal });
    await until(() => upstream.probes('gpt-4o-mini') === 1, { withinMs: 2_000, what: 'the probe' });
    stop.abort();
    expect((await result).outcome).toEqual({ kind: 'no-evidence', why: 'aborted' });
    expect((await probe({ signal: AbortSignal.abort() })).outcome.kind).toBe('no-evidence');
    await until(() => upstream.model('gpt-4o-mini').probes.inFlight === 0, { withinMs: 2_000, what: 'hanging up' });
  });

  it('comes from a transport that is full or closed', async () => {
    await transport.close();
    expect((await probe()).outcome).toEqual({ kind: 'no-evidence', why: 'closed' });
  });

  it('comes from a target that this pod does not know', async () => {
    const prober = httpProber({
      targets: () => undefined,
      clock: realClock(),
      random: { next: () => 0, id: () => '' },
      prices: genaiPrices(),
      transport,
      logins: noLogins,
      version: '1.2.3',
    });
    expect((await prober.probe('bbbb', 'connect', never)).outcome.kind).toBe('no-evidence');
  });

  it('comes from a fault of our own, which is never thrown', async () => {
    const broken: Transport = {
      ...transport,
      request: () => Promise.reject(new Error('out of luck with sk-upstream')),
    };
    expect((await probe({ transport: broken })).outcome).toEqual({
      kind: 'no-evidence',
      why: 'a bug in allswell: out of luck with ***',
    });
  });
});
