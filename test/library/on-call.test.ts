import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { joinFleet, openai, triedOf } from '../../src/library/index.ts';
import type { FleetMember, Logger } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { chat, join, redis, twoUpstreams } from './stand.ts';

// What a person on call reads while something is wrong: it must be true.

/** One request, with its whole answer. */
async function ask(fleet: FleetMember<'chat'>): Promise<boolean> {
  const response = await chat(fleet.fetch('chat'));
  await response.text();
  return response.ok;
}

const routing = { trialIntervalMs: 1_000 };
const WITHIN = { withinMs: 20_000, everyMs: 20 };

describe('without Redis', { timeout: 60_000 }, () => {
  it('an outage of all upstreams is down, by the evidence of this process, and ends as it ends', async () => {
    const { a, b, targets } = await twoUpstreams();
    const server = await redis();
    const fleet = await join({ redis: server.address, targets, routing });
    for (let i = 0; i < 6; i += 1) await ask(fleet);
    await server.stop();
    await until(() => fleet.mode === 'fallback', { ...WITHIN, what: 'Redis to be missed' });
    for (const one of [a, b]) one.set('chat', { kind: 'status', status: 500 });
    const states = (): string[] => fleet.state('chat').deployments.map(({ state }) => state);
    const askUntil = async (state: string): Promise<void> => {
      const all = async (): Promise<boolean> => (await ask(fleet), states().every((one) => one === state));
      await until(all, { ...WITHIN, what: `${state} everywhere` });
    };
    await askUntil('down');
    expect(fleet.state('chat')).toMatchObject({ state: 'down', routable: false });
    expect(fleet.explain('chat')).toMatch(/^chat: down \(this process only; Redis is unavailable\), 0 of 2/);
    expect(fleet.explain('chat')).not.toContain('fleet says');
    for (const one of [a, b]) one.set('chat', { kind: 'ok' });
    await askUntil('up');
    expect(fleet.explain('chat')).toContain('the last request succeeded');
    expect(fleet.explain('chat')).not.toContain('probe');
  });

  it('an outage of the only upstream of a group is down', async () => {
    const { a } = await twoUpstreams();
    const server = await redis();
    const targets = { chat: [openai({ baseUrl: a.apiBase, apiKey: 'k' })] };
    const fleet = await join({ redis: server.address, targets, routing });
    await server.stop();
    await until(() => fleet.mode === 'fallback', { ...WITHIN, what: 'Redis to be missed' });
    await expectOutageSeen(a, fleet);
  });

  it('requests that succeed are up although Redis was never reached', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ redis: 'redis://127.0.0.1:1', targets, joinTimeoutMs: 100 });
    const up = async (): Promise<boolean> => {
      await ask(fleet);
      return fleet.state('chat').deployments.every(({ state }) => state === 'up');
    };
    await until(up, { ...WITHIN, what: 'up everywhere' });
  });

  it('a process that was given no Redis knows an outage of its only upstream', async () => {
    const { a } = await twoUpstreams();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: a.apiBase, apiKey: 'k' })] }, routing });
    await expectOutageSeen(a, fleet);
  });
});

/** The upstream fails and comes back, and the process knows both. */
async function expectOutageSeen(upstream: MockUpstream, fleet: FleetMember<'chat'>): Promise<void> {
  upstream.set('chat', { kind: 'status', status: 500 });
  const down = async (): Promise<boolean> => {
    await ask(fleet);
    return fleet.state('chat').state === 'down';
  };
  await until(down, { ...WITHIN, what: 'down' });
  upstream.set('chat', { kind: 'ok' });
  const up = async (): Promise<boolean> => (await ask(fleet)) && fleet.state('chat').state === 'up';
  await until(up, { ...WITHIN, what: 'up' });
}

/** Keeps lines as `LEVEL message`. */
function linesLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, logger: { debug: () => {}, info: at('INFO'), warn: at('WARN'), error: at('ERROR') } };
}

describe('a process that only observes', () => {
  it('says so, and claims nothing that it does not do', async () => {
    const { a, b, targets } = await twoUpstreams();
    const { logger, lines } = linesLogger();
    const fleet = await join({ targets, routing, logger, observeOnly: true });
    expect(fleet.observeOnly).toBe(true);
    expect(lines).toEqual([expect.stringMatching(/^WARN Observe only: /)]);
    expect(fleet.explain('chat')).toContain('OBSERVE ONLY: ');
    const advice: string[] = [];
    fleet.on('advice', ({ used, better, why }) => advice.push(`${better} for ${used}: ${why}`));
    a.set('chat', { kind: 'status', status: 500 });
    const askA = async (): Promise<Response> =>
      await fleet.fetch('chat')(`${a.apiBase}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'chat', messages: [] }),
      });
    for (let i = 0; i < 30; i += 1) expect((await askA()).status).toBe(500);
    expect(b.traffic('chat')).toBe(0);
    expect(lines.filter((line) => line.includes('Would avoid a in this process'))).toHaveLength(1);
    expect(lines.join('\n')).not.toMatch(/^\w+ Avoiding|requests go to all/m);
    expect(advice.length).toBeGreaterThan(20);
    expect(advice.at(-1)).toMatch(/^b for a: .*(?:requests of this process fail|requests failed)/);
    // One for thirty requests.
    expect(lines.filter((line) => line.includes('Would have sent a request'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('probe passed');
  });
});

describe('a process that cannot reach its Redis', () => {
  it('does not call itself shared before Redis has answered, and says which fleet it has then joined', async () => {
    const { targets } = await twoUpstreams();
    const server = await redis();
    server.pause();
    const { logger, lines } = linesLogger();
    const fleet = await join({ redis: server.address, targets, fleet: 'checkout', joinTimeoutMs: 200, logger });
    expect(fleet.mode).toBe('fallback');
    expect(lines).toEqual([expect.stringMatching(/^WARN Without the fleet: Redis does not answer: /)]);
    expect(fleet.explain('chat')).toMatch(/\n {2}without fleet checkout: /);
    server.resume();
    await until(() => fleet.mode === 'shared', { ...WITHIN, what: 'Redis to be reached' });
    const joined = (): string[] => lines.filter((line) => line.includes('Joined fleet'));
    await until(() => joined().length > 0, { ...WITHIN, what: 'the line' });
    expect(joined()).toEqual([expect.stringMatching(/^INFO Joined fleet checkout as \S+ \(pod_\w+\): alone so far/)]);
  });
});

describe('a fleet of processes', () => {
  it('is listed by each of them, by name and id', async () => {
    const { a, targets } = await twoUpstreams();
    const { address } = await redis();
    vi.stubEnv('POD_NAME', 'checkout-1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { logger, lines } = linesLogger();
    const one = await join({ redis: address, targets, fleet: 'checkout', logger });
    expect(one.mode).toBe('shared');
    expect(one.members).toEqual([{ id: one.pod, name: 'checkout-1', self: true }]);
    expect(one.explain('chat')).toContain(`alone in fleet checkout, as checkout-1 (${one.pod})`);
    vi.stubEnv('POD_NAME', 'checkout-2');
    const two = await join({ redis: address, targets, fleet: 'checkout', logger });
    await until(() => one.members.length === 2, { ...WITHIN, what: 'the other one' });
    expect(one.members).toContainEqual({ id: two.pod, name: 'checkout-2', self: false });
    expect(two.explain('chat')).toMatch(
      /in fleet checkout, 2 processes: checkout-\d \(pod_\w+\), checkout-\d \(pod_\w+\)$/,
    );
    const { target } = two.state('chat').deployments[0] ?? {};
    expect(two.explain('chat')).toContain(`\n    ${a.apiBase}, target ${target}\n`);
    expect(lines.filter((line) => line.includes('Joined fleet'))).toEqual([
      expect.stringContaining('alone so far'),
      expect.stringMatching(/^INFO Joined fleet checkout: 2 processes: /),
    ]);
  });
});

describe('the console', () => {
  it('has a line for a failure and one for its end, with time and fleet, and none of a gateway', async () => {
    const { a, targets } = await twoUpstreams();
    const { address } = await redis();
    const lines: string[] = [];
    const spy = vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
    onTestFinished(() => spy.mockRestore());
    const fleet = await joinFleet({ redis: address, targets, routing, fleet: 'checkout' });
    onTestFinished(async () => await fleet.leave());
    a.set('chat', { kind: 'status', status: 503 });
    const has = async (part: string): Promise<void> => {
      const logged = async (): Promise<boolean> => {
        await ask(fleet);
        return lines.some((line) => line.includes(part));
      };
      await until(logged, { ...WITHIN, what: part });
    };
    await has('Verdict changed: a is down');
    a.set('chat', { kind: 'ok' });
    await has('Verdict changed: a is up (was down)');
    const shape = /^\d{4}-\d\d-\d\dT[\d:.]+Z allswell (?:INFO|WARNING): fleet checkout: \S/;
    expect(lines.filter((line) => !shape.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('Avoiding a in this process'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('No longer avoiding a in this process'))).not.toHaveLength(0);
    expect(lines.join('\n')).not.toMatch(/health check (?:lock|results|manager)/);
  });
});

describe('requests that their callers give up', () => {
  it('are shown where no answer ever comes, and are no evidence', async () => {
    const { a, targets } = await twoUpstreams();
    const { logger, lines } = linesLogger();
    const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) }, logger });
    a.set('chat', { kind: 'hang' });
    const giveUp = async (): Promise<unknown> =>
      await chat(fleet.fetch('chat'), { signal: AbortSignal.timeout(1_050) }).catch((error: unknown) => error);
    const errors = [await giveUp(), await giveUp()];
    expect(lines).toEqual([]);
    errors.push(await giveUp(), await giveUp());
    const text = /requests in a row were given up by their callers without an answer, the last after 1\.\d s/;
    expect(lines).toEqual([expect.stringMatching(text)]);
    expect(fleet.explain('chat')).toMatch(text);
    expect(fleet.state('chat').routable).toBe(true);
    for (const error of errors) expect(triedOf(error)).toMatchObject([{ deployment: 'a', outcome: 'neutral' }]);
    a.set('chat', { kind: 'ok' });
    expect(await ask(fleet)).toBe(true);
    expect(fleet.explain('chat')).not.toMatch(text);
  });

  it('are not shown where callers are quick', async () => {
    const { a, targets } = await twoUpstreams();
    const { logger, lines } = linesLogger();
    const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) }, logger });
    a.set('chat', { kind: 'hang' });
    for (let i = 0; i < 5; i += 1) await chat(fleet.fetch('chat'), { signal: AbortSignal.timeout(20) }).catch(() => {});
    expect(lines).toEqual([]);
    expect(fleet.explain('chat')).not.toContain('given up');
  });

  it('have no attempts of others where one signal aborts them', async () => {
    const { a, targets } = await twoUpstreams();
    const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) } });
    a.set('chat', { kind: 'hang' });
    const controller = new AbortController();
    const both = [0, 1].map(async () => await chat(fleet.fetch('chat'), { signal: controller.signal }));
    await until(() => a.traffic('chat') === 2, { ...WITHIN, what: 'both requests' });
    controller.abort();
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    for (const end of ends) expect((end as PromiseRejectedResult).reason).toBe(controller.signal.reason);
    expect(triedOf(controller.signal.reason)).toEqual([]);
  });
});

describe('a refused key', () => {
  it('is shown with its class and status, and not as an error of the server', async () => {
    const { a, targets } = await twoUpstreams();
    const { logger, lines } = linesLogger();
    const fleet = await join({ targets, routing, logger });
    a.set('chat', { kind: 'status', status: 401 });
    const seen = async (): Promise<boolean> => {
      await ask(fleet);
      return lines.some((line) => line.includes('Verdict changed: a is'));
    };
    await until(seen, { ...WITHIN, what: 'the verdict' });
    expect(lines.join('\n')).toContain('its requests fail (auth, HTTP 401)');
    expect(lines.join('\n')).toMatch(/1 failure \(HTTP 401\), seen by one pod: requests failed \(auth\)/);
    expect(lines.join('\n')).not.toContain('server error');
  });
});
