import fc from 'fast-check';
import type { HistoryPoint } from '../../../src/ports/index.ts';
import { goodFacts } from '../fleet-store/under-test.ts';
import { chosen, lateness, named, notAfter, pick, plant, type Step } from './commands.ts';

const WEEK_US = 604_800_000_000;
const target = fc.constantFrom('80000000a', '00000000b');
const targets = fc.array(target, { maxLength: 3 });
const message = fc.constantFrom(undefined, 'boom', 'two\nlines', 'a\u2028b\u2029c\rd\u0000', 'ü🙂');
const agoUs = fc.constantFrom(0, 1, 3_600_000_000, WEEK_US - 1_000_000, WEEK_US, WEEK_US + 1, -5_000_000);

/** Commits that are remembered, and what may lie where they are. */
export const historyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: commits() },
  { weight: 1, arbitrary: sweeps() },
  { weight: 4, arbitrary: plants() },
  { weight: 3, arbitrary: targets.map((ids) => named(`read ${ids.join()}`, (store) => store.readHistory(ids))) },
);

function commits(): fc.Arbitrary<Step> {
  const point = fc.option(fc.record({ agoUs, message }), { nil: undefined });
  const history = fc.constantFrom(
    undefined,
    { points: 2, fleetPoints: 100, keptMs: 604_800_000 },
    { points: 48, fleetPoints: 3, keptMs: 3_600_000 },
    { points: 1, fleetPoints: 100, keptMs: 604_800_000 },
  );
  return fc.record({ targets, expected: pick, evidenceUs: agoUs, point, history, when: lateness }).map((input) =>
    named(`commit ${JSON.stringify(input)}`, (store, _, known) =>
      store.commit({
        pod: 'a',
        notAfter: notAfter(known, input.when),
        newEpoch: 'life',
        ...(input.history && { history: input.history }),
        commits: input.targets.map((id) => ({
          target: id,
          expectedVersion: input.expected === 0 ? 0 : chosen(known.versions, input.expected - 1, 0),
          evidenceAt: known.now - input.evidenceUs,
          nextDueAt: known.now,
          facts: goodFacts(known.now),
          ...(input.point && { point: pointAt(known.now - input.point.agoUs, input.point.message) }),
        })),
      }),
    ),
  );
}

function pointAt(at: number, text: string | undefined): HistoryPoint {
  const seen = { at, pod: 'a', level: 'inference', reason: 'scheduled', latencyMs: 5 } as const;
  return text === undefined ? { ...seen, kind: 'ok' } : { ...seen, kind: 'failed', class: 'server', message: text };
}

function sweeps(): fc.Arbitrary<Step> {
  return fc.record({ targets, version: pick }).map((input) =>
    named(`sweep ${JSON.stringify(input)}`, (store, _, known) => {
      const records = input.targets.map((id) => ({ target: id, version: chosen(known.versions, input.version, 1) }));
      return store.sweep({ pod: 'a', notAfter: notAfter(known, 'in time'), records });
    }),
  );
}

function plants(): fc.Arbitrary<Step> {
  const line = fc.oneof(
    fc.constantFrom('', 'rubbish', '{}', '5 x', ' 5 {}', '5  {}', '5 {}}', '99999999999999999 {}', '5 {"pod":"a"} '),
    fc.constantFrom('7 {\u2028}', '7 {\r}', '7 {"a":"\u0000"}', '9000000000000000 {}', '9000000000000001 {}'),
    agoUs.map((us) => `now-${us}`),
    fc
      .record({ us: agoUs, steps: fc.array(fc.nat(4_000_000), { maxLength: 60 }) })
      .map(({ us, steps }) => `run-${us} ${steps.join(' ')}`),
    fc.constantFrom(
      '5 {} 7',
      '5 {} 0 1:1',
      '5000000 {} 0 5:1',
      '5000000 {} 6 5:1',
      '5000000 {} 1 5:1:',
      '5000000 {} 1  :',
    ),
    fc.constantFrom(
      `5000000 {} ${'1'.repeat(99)} 5:1`,
      `9000000 {"kind":"ok"} 1 ${'9'.repeat(30)}:1`,
      '9000000 {} 1 8:8x',
    ),
  );
  const lines = fc.oneof(
    fc.array(line, { maxLength: 6 }),
    fc.integer({ min: 45, max: 52 }).map((count) => Array.from({ length: count }, (_, i) => `now-${i}`)),
  );
  return fc.tuple(target, lines).map(([id, all]) =>
    plant('history', id, (now) =>
      all
        .map((one) => {
          const ago = /^now-(-?\d+)$/.exec(one)?.[1];
          if (one.startsWith('run-')) return runAt(now, one);
          return ago === undefined ? one : `${now - Number(ago)} {"pod":"b","kind":"ok"}`;
        })
        .join('\n'),
    ),
  );
}

/** A run of successes as the store writes it, from `run-<µs ago> <seconds back> …`. */
function runAt(now: number, text: string): string {
  const [ago = 0, ...steps] = text.slice('run-'.length).split(' ').filter(Boolean).map(Number);
  const at = now - ago;
  const head = `${at} ${JSON.stringify({ pod: 'b', kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 7 })}`;
  const oldest = Math.floor(at / 1_000_000) - steps.reduce((sum, step) => sum + step, 0);
  return steps.length === 0 ? head : `${head} ${Math.max(0, oldest)} ${steps.map((step) => `${step}:9`).join(' ')}`;
}
