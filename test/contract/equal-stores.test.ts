import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetStore, StoreAnswer } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import { edgeStep } from './equal-stores/edges.ts';
import { historyStep } from './equal-stores/history.ts';
import { holdStep } from './equal-stores/holds.ts';
import { moneyStep } from './equal-stores/money.ts';
import { memberStep, step, type Known, type Step } from './equal-stores/commands.ts';
import { listen, type FleetStoreUnderTest } from './fleet-store/under-test.ts';
import { redisFleet } from './redis-fleet.ts';

let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

describe('memory and redis', () => {
  // Redis goes first on its own clock; memory is then told the time that Redis answered. Nothing else may differ.
  it.each([
    ['commands', step],
    ['holds, and what is planted between them', holdStep],
    ['paid probes under budgets, and what is planted between them', moneyStep],
    ['commits with points of history, and what is planted between them', historyStep],
    ['heartbeats, target lists and what is planted between them', memberStep],
    ['all commands, and numbers at their edges planted between them', edgeStep],
  ])('give equal answers, texts and events to any sequence of %s', { timeout: 120_000 }, async (_, one) => {
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 40 }), (steps) => compare(steps)),
      { numRuns: Number(process.env['ALLSWELL_TEST_RUNS'] ?? 100) },
    );
  });
});

async function compare(steps: readonly Step[]): Promise<void> {
  const known: Known = { now: 0, grants: [], versions: [] };
  const real = redisFleet({ kind: 'single', host: server.host, port: server.port }, admin);
  const memory = memoryUnderTest(() => known.now);
  const [first, second] = await Promise.all([real.open(), memory.open()]);
  try {
    const [heard, expected] = await Promise.all([listen(first), listen(second)]);
    remember(known, await first.time());
    for (const { shown, run } of steps) {
      known.versions.push(...(await versionsIn(real)));
      // The same questions to both: what is known must not change between them, but for the time.
      const asked: Known = { now: known.now, grants: [...known.grants], versions: [...known.versions] };
      const answer = await run(first, real, { ...asked });
      remember(known, answer);
      const modelled = await run(second, memory, asked);
      expect(plain(modelled), shown).toEqual(plain(answer));
    }
    for (const key of ['records', 'leases', 'pods', 'holds', 'budget', 'history'] as const) {
      expect(await memory.texts(key)).toEqual(await real.texts(key));
    }
    await until(() => heard.events.length >= expected.events.length, { withinMs: 2_000, what: 'all events' });
    expect(expected.events).toEqual(heard.events);
  } finally {
    await Promise.all([first.close(), second.close()]);
    await real.close();
  }
}

function memoryUnderTest(clockUs: () => number): FleetStoreUnderTest {
  const fleet = memoryFleet({ clockUs });
  return {
    open: (): Promise<FleetStore> => Promise.resolve(fleet.open()),
    plant: (key, field, text) => Promise.resolve(fleet.plant(key, field, text)),
    texts: (key) => Promise.resolve(fleet.texts(key)),
    flush: () => Promise.resolve(fleet.flush()),
    publishGarbage: (text) => Promise.resolve(fleet.publishGarbage(text)),
    close: () => Promise.resolve(),
  };
}

/** Notes the time, and every grant and version in an answer, so that later commands can refer to them. */
function remember(known: Known, answer: StoreAnswer<unknown> | undefined): void {
  if (answer === undefined || answer.kind === 'lost') return;
  known.now = answer.meta.now;
  if (answer.kind !== 'ok' || !Array.isArray(answer.value)) return;
  for (const entry of answer.value as { grant?: number; version?: number }[]) {
    if (entry.grant !== undefined) known.grants.push(entry.grant);
    if (entry.version !== undefined) known.versions.push(entry.version);
  }
}

/** Planted records and holds have versions, too. */
async function versionsIn(fleet: FleetStoreUnderTest): Promise<number[]> {
  const [records, holds] = [await fleet.texts('records'), await fleet.texts('holds')];
  const texts = [...records.values(), ...holds.values()];
  return texts.map((text) => Number(text.split(' ')[0])).filter((version) => Number.isSafeInteger(version));
}

/** Samples come in any order. */
function plain(answer: StoreAnswer<unknown> | undefined): unknown {
  if (answer?.kind !== 'ok') return answer;
  return { ...answer, value: sorted(answer.value) };
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('targets' in value && 'holds' in value && Array.isArray(value.holds)) {
    const holds = value.holds.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return { ...value, targets: sorted(value.targets), holds };
  }
  const listed = Array.isArray(value) && value.every((entry) => typeof entry === 'object' && 'target' in entry);
  return listed ? value.toSorted((a, b) => (a.target < b.target ? -1 : 1)) : value;
}
