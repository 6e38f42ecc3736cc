import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import type { Level, Outcome } from '../health/index.ts';
import type { ProbeResult } from '../ports/index.ts';
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

interface Asked {
  readonly level: Level;
  readonly target?: Partial<ProbeTarget>;
  readonly over?: Transport;
}

function probe({ level, target = {}, over = transport }: Asked): Promise<ProbeResult> {
  const prober = httpProber({
    targets: () => exampleTarget({ apiBase: upstream.apiBase, ...target }),
    clock: realClock(),
    random: { next: () => 0, id: () => '' },
    prices: { costUsd: () => undefined },
    transport: over,
    logins: noLogins,
    version: '1.2.3',
  });
  return prober.probe('aaaaaaaa', level, new AbortController().signal);
}

function failureIn(outcome: Outcome): { class: string; status?: number; message: string } {
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome.failure;
}

describe('a probe by connection', () => {
  it('passes without asking anything, and fails where nobody listens', async () => {
    expect((await probe({ level: 'connect' })).outcome).toEqual({ kind: 'ok' });
    expect(upstream.stats()).toMatchObject({ models: {}, listings: { probes: { count: 0 } } });
    await upstream.setFault('all', 'refuse');
    expect(failureIn((await probe({ level: 'connect' })).outcome).class).toBe('network');
  });
});

describe('a probe by the list of models', () => {
  const listed = (models: string[], target: Partial<ProbeTarget> = {}): Promise<ProbeResult> => {
    upstream.setListed(models);
    return probe({ level: 'models', target });
  };

  it('passes where the model is in the list, and costs no inference', async () => {
    expect(await listed(['a', 'gpt-4o-mini'])).toMatchObject({ outcome: { kind: 'ok' }, level: 'models' });
    expect((await listed(['vendor/gpt-4o-mini'])).outcome).toEqual({ kind: 'ok' });
    expect([upstream.probes('gpt-4o-mini'), upstream.stats().listings.probes.count]).toEqual([0, 2]);
  });

  it('finds a model missing only in a whole list of callable names', async () => {
    expect(failureIn((await listed(['a', 'b'])).outcome)).toMatchObject({ class: 'not-found', status: 200 });
    expect((await listed([])).outcome).toEqual({ kind: 'ok' });
    expect((await listed(['a'], { upstreamModel: 'gpt-*' })).outcome).toEqual({ kind: 'ok' });
    expect((await listed(['a'], { provider: 'azure', wire: 'azure', apiBase: upstream.url })).outcome).toEqual({
      kind: 'ok',
    });
  });

  it('knows names that vendors list in another spelling, and lists that may lack a name', async () => {
    const gemini = { provider: 'gemini', upstreamModel: 'gemini-2.5-flash' };
    expect((await listed(['models/gemini-2.5-flash'], gemini)).outcome).toEqual({ kind: 'ok' });
    expect(failureIn((await listed(['models/gemini-2.5-pro'], gemini)).outcome).class).toBe('not-found');
    const alias = { provider: 'anthropic', wire: 'anthropic', upstreamModel: 'claude-sonnet-4-5' } as const;
    expect((await listed(['claude-sonnet-4-5-20250929'], alias)).outcome).toEqual({ kind: 'ok' });
    expect(upstream.stats().listings.last?.path).toBe('/v1/models?limit=1000');
    expect((await listed(['a'], { provider: 'xai', upstreamModel: 'grok-4' })).outcome).toEqual({ kind: 'ok' });
  });

  it('is only a connection where the vendor has no list, and says so', async () => {
    const result = await probe({ level: 'models', target: { provider: 'perplexity' } });
    expect(result).toMatchObject({ outcome: { kind: 'ok' }, level: 'connect' });
    expect(upstream.stats().listings.probes.count).toBe(0);
  });

  it('reads errors like any other call, but a missing list is not a missing model', async () => {
    for (const [status, name] of [
      [401, 'auth'],
      [500, 'server'],
      [404, 'bad-probe'],
    ] as const) {
      upstream.set('@listing', { kind: 'status', status });
      expect(failureIn((await probe({ level: 'models' })).outcome).class).toBe(name);
    }
    upstream.set('@listing', { kind: 'malformed' });
    expect(failureIn((await probe({ level: 'models' })).outcome).class).toBe('server');
  });

  it('stands in for inference where no cheap call exists', async () => {
    expect(await probe({ level: 'inference', target: { mode: 'other' } })).toMatchObject({
      outcome: { kind: 'ok' },
      level: 'models',
    });
  });
});

describe('a probe by connection over TLS', () => {
  const pem = (name: string): string =>
    readFileSync(new URL(`../upstream/fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');

  it('passes where the certificate is trusted, and is a failure of the network where it is not', async () => {
    const secure = await startMockUpstream({ tls: { key: pem('key'), cert: pem('cert') } });
    const target = { apiBase: secure.apiBase.replace('127.0.0.1', 'localhost') };
    const trusting = createTransport({ clock: realClock(), ca: pem('cert') });
    expect((await probe({ level: 'connect', target, over: trusting })).outcome).toEqual({ kind: 'ok' });
    const { class: name, message } = failureIn((await probe({ level: 'connect', target })).outcome);
    expect([name, message]).toEqual(['network', expect.stringMatching(/self[- ]signed|certificate/i)]);
    expect(secure.stats().models).toEqual({});
    await trusting.close();
    await secure.close();
  });
});

it('counts a passing list of models at its own level only while all generation hangs', async () => {
  upstream.set('gpt-4o-mini', { kind: 'hang' });
  expect(await probe({ level: 'models' })).toMatchObject({ outcome: { kind: 'ok' }, level: 'models' });
  const { outcome, level } = await probe({ level: 'inference', target: { timeoutMs: 100 } });
  expect([failureIn(outcome).class, level]).toEqual(['timeout', 'inference']);
});
