import { describe, expect, it } from 'vitest';
import type { TrafficReport } from '../ports/index.ts';
import { manualClock } from '../testing/index.ts';
import type { ManualClock } from '../testing/index.ts';
import { createObservationIntake } from './observation-intake.ts';
import type { ObservationIntake, TakenObservations } from './observation-intake.ts';
import type { ReportedObservation } from './observation.ts';
import { createUnprobedTraffic } from './unprobed-traffic.ts';
import type { UnprobedTraffic } from './unprobed-traffic.ts';

const NOW_MS = Date.parse('2026-11-29T12:00:00Z');

interface Opened {
  readonly intake: ObservationIntake;
  readonly unprobed: UnprobedTraffic;
  readonly reports: TrafficReport[];
  readonly lines: string[];
  readonly counts: string[];
  readonly clock: ManualClock;
  take(reporter: string, ...observations: readonly ReportedObservation[]): TakenObservations;
}

function open(): Opened {
  const reports: TrafficReport[] = [];
  const lines: string[] = [];
  const counts: string[] = [];
  const clock = manualClock();
  const unexpected = (line: string): never => {
    throw new Error(`unexpected: ${line}`);
  };
  const unprobed = createUnprobedTraffic();
  unprobed.know([{ modelId: 'bedrock' }]);
  const intake = createObservationIntake({
    unprobed,
    sink: { report: (report) => void reports.push(report) },
    metrics: {
      observed: (source, found) => void counts.push(`${source} ${found}`),
      received: (batch) => void counts.push(JSON.stringify(batch)),
    },
    logger: { debug: unexpected, info: unexpected, warn: (line) => void lines.push(line), error: unexpected },
    clock,
    now: () => NOW_MS * 1_000,
  });
  intake.know([
    { modelId: 'm1', formerModelId: 'former-m1', targetId: 'aa' },
    { modelId: 'm3', targetId: 'bb' },
  ]);
  const take: Opened['take'] = (reporter, ...observations) =>
    intake.take({ reporter, name: reporter, observations, faulty: 0 });
  return { intake, unprobed, reports, lines, counts, clock, take };
}

/** A result of target `aa` that ended so many seconds ago. */
function ended(ago: number, changes: Partial<ReportedObservation> = {}): ReportedObservation {
  return { about: { target: 'aa' }, ok: false, status: 500, atMs: NOW_MS - ago * 1_000, ...changes };
}

const counted = ({ accepted, unknown }: TakenObservations): unknown => ({ accepted, unknown });

describe('a batch of observations', () => {
  it('shows the name that a reporter gave itself, and no address', () => {
    const { intake, reports } = open();
    intake.take({ reporter: '10.0.0.7', observations: [ended(3), ended(2)], faulty: 0 });
    expect(reports[0]).toMatchObject({
      failure: { message: 'reported by another program' },
      witness: 'reporter/10.0.0.7',
    });
  });

  it('becomes one report for each target, with the reporter as its witness', () => {
    const { reports, counts, take } = open();
    const good = { about: { deployment: 'm3' }, ok: true, firstTokenMs: 300, durationMs: 2_000, atMs: NOW_MS - 4_000 };
    const taken = take('proxy-1', ended(3), ended(2, { durationMs: 1_000 }), good);
    expect(taken).toEqual({ accepted: 3, unknown: 0, tooOld: [], invalid: [] });
    const failure = { class: 'server', status: 500, message: 'reported by proxy-1' };
    const witness = 'reporter/proxy-1';
    const [aa, bb] = [(NOW_MS - 3_000) * 1_000, (NOW_MS - 6_000) * 1_000];
    expect(reports).toEqual([
      { target: 'aa', at: aa, ok: false, failure, latencyMs: 0, verdict: 'suspect', witness },
      { target: 'bb', at: bb, ok: true, latencyMs: 300, verdict: 'success', witness },
    ]);
    const sum = '{"accepted":3,"unknown":0,"ignored":0}';
    expect(counts).toEqual(['external server', 'external server', 'external success', sum]);
  });

  it('adds to what the same reporter sent before, and to no other reporter', () => {
    const { reports, take } = open();
    take('proxy-1', ended(3));
    take('proxy-2', ended(2));
    expect(reports).toEqual([]);
    take('proxy-1', ended(1));
    expect(reports).toMatchObject([{ verdict: 'suspect', witness: 'reporter/proxy-1' }]);
  });

  it('may name deployments by each of their ids; unknown ones are counted', () => {
    const { take, lines } = open();
    const of = (deployment: string): ReportedObservation => ({ about: { deployment }, ok: true });
    const taken = take('proxy', of('m1'), of('former-m1'), of('m9'), ended(1, { about: { target: 'cc' } }));
    expect(counted(taken)).toEqual({ accepted: 2, unknown: 2 });
    expect(lines).toEqual([
      'Ignored 2 observations of unknown targets, such as m9: report target ids of GET /fleet, or model ids',
    ]);
  });

  it('of a deployment without probes is kept as its newest evidence', () => {
    const { take, unprobed, reports } = open();
    const about = { deployment: 'bedrock' };
    take('proxy', { about, ok: true, atMs: NOW_MS - 9_000 }, ended(5, { about }));
    expect(unprobed.evidence('bedrock')).toEqual({
      lastSuccessAt: (NOW_MS - 9_000) * 1_000,
      lastFailure: { at: (NOW_MS - 5_000) * 1_000, class: 'server', status: 500 },
      cooldownUntil: null,
    });
    expect(reports).toEqual([]);
  });

  it('forgets the targets that are removed', () => {
    const { intake, reports, take } = open();
    take('proxy', ended(2));
    intake.know([{ modelId: 'm3', targetId: 'bb' }]);
    expect(counted(take('proxy', ended(2)))).toEqual({ accepted: 0, unknown: 1 });
    intake.know([{ modelId: 'm1', targetId: 'aa' }]);
    take('proxy', ended(1));
    expect(reports).toEqual([]);
  });
});

describe('the date of an observation', () => {
  it('is now if it has none, whatever the others say', () => {
    const { reports, take } = open();
    const undated = { about: { target: 'bb' }, ok: true, durationMs: 500 };
    take('proxy', ended(-300, { ok: true }), undated);
    expect(reports.map(({ target, at }) => [target, at / 1_000 - NOW_MS])).toEqual([
      ['aa', 0],
      ['bb', -500],
    ]);
  });

  it('is never in the future: a clock that is ahead moves the batch back', () => {
    const { reports, take } = open();
    take('proxy', ended(-5, { ok: true }), ended(-9, { about: { target: 'bb' }, ok: true }));
    expect(reports.map(({ target, at }) => [target, at / 1_000 - NOW_MS])).toEqual([
      ['aa', -4_000],
      ['bb', 0],
    ]);
  });

  it('makes it too old after a minute, and invalid if it alone is far ahead', () => {
    const { take, counts, lines } = open();
    const taken = take('proxy', ended(61), ended(1, { ok: true }), ended(2, { ok: true }), ended(-80_000));
    expect(taken).toEqual({ accepted: 2, unknown: 0, tooOld: [0], invalid: [3] });
    expect(counts.at(-1)).toBe('{"accepted":2,"unknown":0,"ignored":2}');
    expect(lines).toEqual([
      'Ignored 2 observations: 1 invalid, 1 too old. To fix: see problems in the answer of POST /fleet/observations',
    ]);
  });
});

describe('the class of a failure', () => {
  it.each([
    [{ status: 500 }, 'server'],
    [{ status: 503 }, 'server'],
    [{}, 'server'],
    [{ status: 408 }, 'timeout'],
    [{ status: 429 }, 'overloaded'],
    [{ status: 529 }, 'overloaded'],
    [{ status: 401 }, 'auth'],
    [{ status: 402 }, 'quota'],
    [{ status: 404 }, 'not-found'],
    [{ status: 400 }, 'neutral'],
    [{ status: 403 }, 'neutral'],
    [{ status: 422 }, 'neutral'],
    [{ status: 400, class: 'network' }, 'network'],
  ] as const)('of %j is %s', (told, found) => {
    const { take, counts } = open();
    take('proxy', { about: { target: 'aa' }, ok: false, ...told });
    expect(counts[0]).toBe(`external ${found}`);
  });

  it('keeps a Retry-After of at most ten minutes, of an overload only', () => {
    const { take, reports } = open();
    take('proxy', ended(2, { status: 429, retryAfterMs: 3_600_000 }));
    expect(reports).toMatchObject([
      { verdict: 'degraded', failure: { class: 'overloaded', status: 429, retryAfterMs: 600_000 } },
    ]);
    take('other', ended(2, { retryAfterMs: 5 }), ended(1, { retryAfterMs: 5 }));
    expect(reports.at(-1)?.failure).toEqual({ class: 'server', status: 500, message: 'reported by other' });
  });
});

it('the log says once a minute how many requests were refused', () => {
  const { intake, lines, clock } = open();
  intake.refused('no API key was sent (HTTP 401)');
  intake.refused('no API key was sent (HTTP 401)');
  clock.advance(60_000);
  intake.refused('The request body is not a JSON object.');
  expect(lines).toEqual([
    'Refused 1 request with observations: no API key was sent (HTTP 401)',
    'Refused 2 requests with observations: The request body is not a JSON object.',
  ]);
});
