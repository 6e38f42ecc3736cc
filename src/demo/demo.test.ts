import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { childEnv, until } from '../testing/index.ts';

// Real runs, as a script would start them: a Redis, an upstream and pods, all processes of their own.

interface Line {
  readonly kind: 'status' | 'summary';
  readonly store: string;
  readonly elapsed_seconds: number;
  readonly redis: string | null;
  readonly probing: string;
  readonly events: readonly { readonly text: string }[];
  readonly pids: readonly number[];
  readonly probes: { readonly counted: number; readonly independent: number };
  readonly requests: {
    readonly answered: number;
    readonly failed_over: number;
    readonly failed: number;
    readonly lost_with_pod: number;
  };
  readonly list_prices: {
    readonly spent_usd: number;
    readonly saved_usd: number;
    readonly per_month_usd: number;
    readonly targets_without_price: number;
  };
  readonly fleet_count: { readonly spent_usd: number | null } | null;
  readonly pods: readonly { readonly life: string; readonly mode: string }[];
  readonly targets: readonly {
    readonly target: string;
    readonly state: string;
    readonly latency_ms: number;
    readonly hold: string | null;
    readonly probes: number;
    readonly met_trouble: number;
  }[];
}

const demos: ChildProcess[] = [];

afterAll(() => {
  for (const demo of demos.splice(0)) demo.kill('SIGKILL');
});

describe.concurrent('allswell demo', { timeout: 100_000 }, () => {
  it('shares one probe per target and interval among three pods, ends by itself, and leaves no process', async () => {
    const demo = start(['--pods', '3', '--seconds', '8']);
    expect(await demo.status, demo.errors()).toBe(0);
    const summary = demo.lines().at(-1)!;
    expect(summary.kind).toBe('summary');
    expect(summary).toMatchObject({ store: 'redis', redis: 'up' });
    expect(demo.lines().filter(({ kind }) => kind === 'status').length).toBeGreaterThanOrEqual(8);
    expect(summary.targets.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'up'));
    expect(summary.pods.map(({ mode }) => mode)).toEqual(['shared', 'shared', 'shared']);
    // Each target: at once, and then on its grid. A busy machine ends a little later than after eight seconds.
    const most = 2 + Math.floor(summary.elapsed_seconds / 5);
    expect(summary.probes.counted).toBeGreaterThanOrEqual(6);
    expect(summary.probes.counted).toBeLessThanOrEqual(6 * most);
    expect(summary.probes.independent).toBeGreaterThanOrEqual(36);
    expectListPrices(summary);
    expect(summary.pids).toHaveLength(5);
    expect(summary.pids.filter(isAlive)).toEqual([]);
  });

  it('carries requests: a model that fails costs no caller an answer, and is met a few times only', async () => {
    const demo = start(['--pods', '3', '--script', 't=1 fail gpt-4o']);
    const broken = ({ targets }: Line) => targets.find(({ target }) => target === 'gpt-4o')!;
    await demo.when('the failing target to be down', (line) => broken(line).state === 'down');
    const before = demo.lines().at(-1)!;
    const after = await demo.when(
      'more requests',
      ({ requests }) => requests.answered >= before.requests.answered + 18,
    );
    demo.interrupt();
    expect(await demo.status, demo.errors()).toBe(0);
    expect(after.requests).toMatchObject({ failed: 0, lost_with_pod: 0 });
    // A probe may be the first to meet the failure.
    expect(after.requests.failed_over).toBeGreaterThanOrEqual(broken(after).met_trouble);
    expect(broken(after).met_trouble).toBe(broken(before).met_trouble);
  });

  it('leaves no process behind when it is interrupted, even a Redis that hangs', async () => {
    const demo = start(['--pods', '2', '--script', 't=0 hang-redis']);
    const hung = await demo.when('Redis to hang', ({ redis }) => redis === 'hung');
    expect(hung.pids.filter(isAlive)).toHaveLength(4);
    demo.interrupt();
    expect(await demo.status, demo.errors()).toBe(0);
    expect(hung.pids.filter(isAlive)).toEqual([]);
  });

  it('runs its pods in one process where no Redis can be had, and says so', async () => {
    const demo = start(['--pods', '2'], { REDIS_SERVER_BIN: '/nonexistent' });
    const known = await demo.when('all targets to be judged', ({ targets }) => targets.every((t) => t.state === 'up'));
    expect(known).toMatchObject({ store: 'memory', redis: null });
    expect(known.pods.map(({ mode }) => mode)).toEqual(['shared', 'shared']);
    expect(known.pids).toHaveLength(1);
    demo.interrupt();
    expect(await demo.status, demo.errors()).toBe(0);
    expect(demo.errors()).toMatch(/REDIS_SERVER_BIN names \/nonexistent.*all pods run in this process/s);
    expect(known.pids.filter(isAlive)).toEqual([]);
  });

  it('shows what an operator decides, at whatever pod', async () => {
    const script = 't=0 drain gpt-4o; t=0 pause; t=3 resume; t=4 undrain gpt-4o';
    const demo = start(['--pods', '2', '--script', script], { REDIS_SERVER_BIN: '/nonexistent' });
    const held = (line: Line): boolean =>
      line.targets.some(({ target, hold }) => target === 'gpt-4o' && hold === 'drain');
    await demo.when('a drained target in a paused fleet', (line) => line.probing === 'paused' && held(line));
    await demo.when('the end of both', (line) => {
      const texts = demo.lines().flatMap(({ events }) => events.map(({ text }) => text));
      return line.probing === 'on' && !held(line) && texts.includes('Operator, through pod 1: allswell undrain gpt-4o');
    });
    demo.interrupt();
    expect(await demo.status, demo.errors()).toBe(0);
  });

  it('ends in good order when the reader of its lines is gone', async () => {
    const demo = start(['--pods', '1'], { REDIS_SERVER_BIN: '/nonexistent' });
    const { pids } = await demo.when('a first line', () => true);
    demo.stopReading();
    expect(await demo.status, demo.errors()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('refuses a script that it cannot read, shows where, and leaves no process', async () => {
    const demo = start(['--pods', '1', '--script', 't=1 fail gpt-5'], { REDIS_SERVER_BIN: '/nonexistent' });
    expect(await demo.status).toBe(2);
    expect(demo.errors()).toMatch(/column 10: "gpt-5" is unknown; known: gpt-4o, .*\n {2}t=1 fail gpt-5\n {11}\^/);
  });
});

/**
 * Dollars for a probe by the vendors' price lists: the mock counts 12 tokens in and 5 out, 4 of an embedding. gpt-4o takes
 * $2.50 and $10 for a million, gpt-4o-mini $0.15 and $0.60, o3-mini $1.10 and $4.40, text-embedding-3-small $0.02.
 */
const PRICES: Readonly<Record<string, number>> = {
  'gpt-4o': 0.000_08,
  'gpt-4o-eu': 0.000_08,
  'gpt-4o-mini': 0.000_004_8,
  'o3-mini': 0.000_035_2,
  'text-embedding-3-small': 0.000_000_08,
};

function expectListPrices({ list_prices: shown, fleet_count: own, probes, targets }: Line): void {
  const each = probes.independent / targets.length;
  const priced = targets.flatMap(({ target, probes: made }) => {
    const usd = PRICES[target];
    return usd === undefined ? [] : [{ made, usd }];
  });
  const sum = (of: (one: { made: number; usd: number }) => number): number =>
    priced.reduce((total, one) => total + of(one), 0);
  expect(shown.spent_usd).toBeCloseTo(
    sum(({ made, usd }) => made * usd),
    12,
  );
  expect(shown.saved_usd).toBeCloseTo(
    sum(({ made, usd }) => (each - made) * usd),
    12,
  );
  // Two pods of three would be spared 30 × 24 × 3600 / 5 intervals of 0.20008 thousandths of a dollar.
  expect(shown.per_month_usd).toBeCloseTo(2 * 518_400 * 0.000_200_08, 6);
  // Nobody bills one's own machine.
  expect(shown.targets_without_price).toBe(1);
  // The fleet counts for itself, too.
  expect(own?.spent_usd).toBeGreaterThan(0);
}

interface StartedDemo {
  readonly status: Promise<number | null>;
  lines(): readonly Line[];
  errors(): string;
  when(what: string, holds: (line: Line) => boolean): Promise<Line>;
  interrupt(): void;
  stopReading(): void;
}

function start(flags: readonly string[], env: Readonly<Record<string, string>> = {}): StartedDemo {
  const demo = spawn(process.execPath, ['src/cli/main.ts', 'demo', '--json', ...flags], {
    env: { ...childEnv(), HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demos.push(demo);
  let [output, errors] = ['', ''];
  demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  demo.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = (): readonly Line[] => {
    const whole = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
    return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
  };
  return {
    status: once(demo, 'close').then(([status]) => status as number | null),
    lines,
    errors: () => errors,
    when: async (what, holds) =>
      await until(() => lines().find(holds), { withinMs: 80_000, what: `${what}; errors: ${errors}` }),
    interrupt: () => void demo.kill('SIGINT'),
    stopReading: () => void demo.stdout.destroy(),
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
