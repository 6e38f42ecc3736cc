import { expect, it } from 'vitest';
import type { ClaimAnswer, StoreAnswer } from '../../../src/ports/index.ts';
import { EDGES, storedNumbers } from './edges.ts';
import {
  beat,
  claimInput,
  commitRequest,
  FOREVER,
  ok,
  nowOf,
  probed,
  request,
  suite,
  T1,
  T2,
  type Bench,
  type Suite,
} from './under-test.ts';

const TTL_MS = 10_000;
const LATEST = 9_000_000_000_000_000;

/** Whatever a number is, the commands that meet it answer, and no other row suffers. */
export const describeNumbers: Suite = suite('numbers at their edges', (bench) => {
  it.each(storedNumbers(T1, 'tp'))('$name: affects no other row, no answer and no hold', async (stored) => {
    for (const edge of EDGES) {
      await bench.fleet.flush();
      await probed(bench.b, 'other');
      const now = await nowOf(bench.a);
      const text = stored.text(now, edge(now));
      await bench.fleet.plant(stored.key, stored.field, text);
      await meetAll(bench, text);
    }
  });
});

/** Gives every command once, as pods would. */
async function meetAll(bench: Bench, shown: string): Promise<void> {
  const { a } = bench;
  await readAll(bench, shown);
  const order = { key: '*', kind: 'none', until: null, by: 'ops', reason: 'resume' } as const;
  const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first' };
  const decided = sound(await a.hold({ ...input, holds: [order, { ...order, key: T1 }] }), shown);
  for (const { stored } of decided) expect(stored, shown).toMatchObject({ kind: 'hold', hold: { kind: 'none' } });
  const [one, two] = sound(await a.claim(claimInput([paid(T1), paid(T2)], { ttlMs: TTL_MS })), shown);
  expect(two?.kind, shown).toBe('granted');
  await reachable(bench, one, shown);
  const { members } = sound(await a.heartbeat(beat({ pod: 'a' })), shown);
  expect(
    members.map(({ pod }) => pod),
    shown,
  ).toContain('a');
  sound(
    await a.writeTargets({ pod: 'a', notAfter: FOREVER, targetsHash: 'tp', piece: 0, pieces: 1, targets: [T1] }),
    shown,
  );
  sound(await a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: 'none', version: 0 }] }), shown);
  await readAll(bench, shown);
}

/** The target is granted and written now, or is so within the time of a lease, or at the end of an hour or day. */
async function reachable({ a }: Bench, answer: ClaimAnswer | undefined, shown: string): Promise<void> {
  const now = await nowOf(a);
  if (answer?.kind === 'held') expect(answer.until, shown).toBeLessThanOrEqual(now + TTL_MS * 1000);
  else if (answer?.kind === 'over-budget') expect(answer.until, shown).toBeLessThanOrEqual(now + 86_400_000_000);
  else if (answer?.kind === 'granted') {
    const expectedVersion = answer.record?.kind === 'record' ? answer.record.record.version : 0;
    const { grant } = answer;
    const commits = [commitRequest({ grant, expectedVersion, evidenceAt: grant })];
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits };
    expect(sound(await a.commit(input), shown), shown).toMatchObject([{ kind: 'ok' }]);
    expect(sound(await a.readRecords([T1]), shown), shown).toMatchObject([{ stored: { kind: 'record' } }]);
  } else expect(answer, shown).toMatchObject({ kind: 'not-due', dueAt: expect.any(Number) as number });
}

async function readAll({ a }: Bench, shown: string): Promise<void> {
  sound(await a.time(), shown);
  sound(await a.readRecords([T1, T2]), shown);
  sound(await a.readLeases([T1, T2]), shown);
  sound(await a.readHolds([T1, '*']), shown);
  sound(await a.readMoney([T1, T2]), shown);
  sound(await a.readHistory([T1, T2]), shown);
  sound(await a.readTargets('tp', 0), shown);
  sound(await a.sample({ pod: 'a', notAfter: FOREVER }), shown);
}

function paid(target: string): ReturnType<typeof request> {
  return request({ target, reason: 'forced', paid: { worstNanoUsd: 1, budget: { probesPerHour: 10 } } });
}

/** The value of an answer that must have come, all of whose numbers are whole and can be counted on. */
function sound<T>(answer: StoreAnswer<T>, shown: string): T {
  const value = ok(answer);
  const wrong: unknown[] = [];
  const look = (part: unknown, name: string): void => {
    const whole = name === 'latencyMs' || Number.isInteger(part);
    if (typeof part === 'number' && !(whole && part >= 0 && part <= LATEST + 1_000)) wrong.push(part);
    if (typeof part === 'object' && part !== null) for (const [key, inner] of Object.entries(part)) look(inner, key);
  };
  look(answer, 'answer');
  expect(wrong, shown).toEqual([]);
  return value;
}
