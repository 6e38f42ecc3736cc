import { describe, expect, it } from 'vitest';
import type { TrafficReport } from '../ports/index.ts';
import { manualClock } from '../testing/index.ts';
import type { ManualClock } from '../testing/index.ts';
import { createTrafficIntake } from './intake.ts';
import type { Taken, TrafficIntake } from './intake.ts';
import { createUnprobedTraffic } from './unprobed-traffic.ts';
import type { UnprobedTraffic } from './unprobed-traffic.ts';

const NOW_MS = Date.parse('2026-11-29T12:00:00Z');
const NOW_S = NOW_MS / 1_000;

interface Opened {
  readonly intake: TrafficIntake;
  readonly unprobed: UnprobedTraffic;
  readonly reports: TrafficReport[];
  readonly lines: string[];
  readonly counts: string[];
  readonly clock: ManualClock;
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
  unprobed.know([{ modelId: 'bedrock', formerModelId: 'former-bedrock' }, { modelId: null }]);
  const intake = createTrafficIntake({
    unprobed,
    sink: { report: (report) => void reports.push(report) },
    metrics: {
      observed: (source, found) => void counts.push(`${source} ${found}`),
      events: (batch) => void counts.push(JSON.stringify(batch)),
      reported: () => {},
    },
    logger: { debug: unexpected, info: unexpected, warn: (line) => void lines.push(line), error: unexpected },
    clock,
    now: () => NOW_MS * 1_000,
  });
  intake.know([
    { modelId: 'm1', targetId: 'aa' },
    { modelId: 'm2', targetId: 'aa' },
    { modelId: 'm3', targetId: 'bb' },
  ]);
  return { intake, unprobed, reports, lines, counts, clock };
}

interface Shape {
  readonly id?: unknown;
  readonly ago?: number;
  readonly took?: number;
  readonly code?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An event that ended so many seconds ago; with a code, a failure. */
function event({ id = 'm1', ago = 1, took = 0.5, code, more }: Shape = {}): unknown {
  const endTime = NOW_S - ago;
  return {
    model_id: id,
    status: code === undefined ? 'success' : 'failure',
    startTime: endTime - took,
    endTime,
    completionStartTime: endTime,
    error_information: { error_code: code ?? '', error_class: code === undefined ? '' : 'InternalServerError' },
    ...more,
  };
}

const batch = (...events: readonly unknown[]): string => JSON.stringify(events);

function countsOf(taken: Taken): unknown {
  if (taken.kind !== 'taken') return taken;
  const { accepted, unknown, ignored } = taken;
  return { accepted, unknown, ...Object.fromEntries(ignored) };
}

describe('a batch of events', () => {
  it('becomes one report for each target, of the newest request that supports the verdict', () => {
    const { intake, reports } = open();
    const events = [
      event({ ago: 3, code: '500' }),
      event({ id: 'm2', ago: 2, took: 1, code: '500' }),
      event({ id: 'm3', ago: 4, took: 2, more: { completionStartTime: NOW_S - 5.5 } }),
    ];
    expect(countsOf(intake.take(batch(...events)))).toEqual({ accepted: 3, unknown: 0 });
    expect(reports).toEqual([
      {
        target: 'aa',
        at: (NOW_MS - 3_000) * 1_000,
        ok: false,
        failure: { class: 'server', status: 500, message: 'LiteLLM reported InternalServerError' },
        latencyMs: 1_000,
        verdict: 'suspect',
        witness: 'litellm',
      },
      { target: 'bb', at: (NOW_MS - 6_000) * 1_000, ok: true, latencyMs: 500, verdict: 'success', witness: 'litellm' },
    ]);
  });

  it('adds to what earlier batches reported, whichever came first', () => {
    const { intake, reports } = open();
    intake.take(batch(event({ ago: 2, code: '500' })));
    expect(reports).toEqual([]);
    intake.take(batch(event({ ago: 3, code: '500' })));
    expect(reports.map(({ verdict }) => verdict)).toEqual(['suspect']);
  });

  it('may be an array, one object, or an object per line', () => {
    const { intake } = open();
    expect(countsOf(intake.take(batch(event(), event())))).toEqual({ accepted: 2, unknown: 0 });
    expect(countsOf(intake.take(JSON.stringify(event())))).toEqual({ accepted: 1, unknown: 0 });
    const lines = `${JSON.stringify(event())}\n${JSON.stringify(event())}\n`;
    expect(countsOf(intake.take(lines))).toEqual({ accepted: 2, unknown: 0 });
    expect(countsOf(intake.take('[]'))).toEqual({ accepted: 0, unknown: 0 });
  });

  it.each([
    ['', 'The request body is empty.'],
    ['  \n', 'The request body is empty.'],
    [`[${JSON.stringify(event())},`, 'The request body begins with [ and is not a JSON array.'],
    ['<html>', 'The request body is not a JSON array, a JSON object, or one JSON object per line.'],
    ['5', 'The request body is not a JSON array, a JSON object, or one JSON object per line.'],
  ])('that is none is refused: %j', (body, why) => {
    const { intake, reports, counts } = open();
    expect(intake.take(body)).toEqual({ kind: 'malformed', why });
    expect({ reports, counts }).toEqual({ reports: [], counts: [] });
  });

  it('with too many events is refused as a whole', () => {
    const { intake, counts } = open();
    const events = Array.from({ length: 5_001 }, () => event());
    const why = 'The batch has 5001 events, more than 5000.';
    expect(intake.take(batch(...events))).toEqual({ kind: 'too-many', why });
    const tooManyLines = { kind: 'too-many', why: 'The batch has more than 5000 lines.' };
    expect(intake.take(events.map((one) => JSON.stringify(one)).join('\n'))).toEqual(tooManyLines);
    // Empty ones count, since they take time, too.
    expect(intake.take(`{}${'\n'.repeat(5_000)}{}`)).toEqual(tooManyLines);
    expect(intake.take(`${'{}\n'.repeat(4_999)}{}`).kind).toBe('taken');
    expect(counts).toHaveLength(1);
  });
});

describe('an event', () => {
  it('that is faulty spoils no other, and is counted by its reason', () => {
    const { intake, reports, counts } = open();
    const body = batch(
      event(),
      null,
      'text',
      event({ id: null }),
      event({ id: '' }),
      event({ more: { status: 'pending' } }),
      event({ more: { startTime: 'soon' } }),
      event({ more: { endTime: NOW_S - 10 } }),
      event({ ago: 61 }),
      event({ id: 'm9' }),
      event({ id: 'm3', code: '400' }),
    );
    expect(countsOf(intake.take(body))).toEqual({
      accepted: 2,
      unknown: 1,
      'not an object': 2,
      'no model_id': 2,
      'no valid status': 1,
      'no valid times': 2,
      'too old': 1,
    });
    expect(reports).toHaveLength(1);
    expect(counts).toEqual(['traffic success', 'traffic neutral', '{"accepted":2,"unknown":1,"ignored":8}']);
  });

  it('of a line that is not JSON spoils no other line', () => {
    const { intake } = open();
    const lines = `${JSON.stringify(event())}\n{"model_id":\n${JSON.stringify(event())}`;
    expect(countsOf(intake.take(lines))).toEqual({ accepted: 2, unknown: 0, 'not an object': 1 });
  });

  it('of a deployment is known by its id in each version of LiteLLM', () => {
    const { intake } = open();
    intake.know([{ modelId: 'odd', formerModelId: 'former-odd', targetId: 'aa' }]);
    const body = batch(event({ id: 'odd' }), event({ id: 'former-odd' }), event({ id: 'm3' }));
    expect(countsOf(intake.take(body))).toEqual({ accepted: 2, unknown: 1 });
  });

  it('of a deployment without probes is kept as its newest evidence, and reported to no target', () => {
    const { intake, unprobed, reports, counts } = open();
    const body = batch(
      event({ id: 'bedrock', ago: 9 }),
      event({ id: 'former-bedrock', ago: 5, took: 2, code: '503' }),
      event({ id: 'bedrock', ago: 7, took: 1, code: '429' }),
      event({ id: 'stranger' }),
    );
    expect(countsOf(intake.take(body))).toEqual({ accepted: 3, unknown: 1 });
    expect(unprobed.evidence('bedrock')).toEqual({
      lastSuccessAt: (NOW_MS - 9_000) * 1_000,
      lastFailure: { at: (NOW_MS - 7_000) * 1_000, class: 'server', status: 503 },
      cooldownUntil: null,
    });
    expect(reports).toEqual([]);
    expect(counts).toContain('traffic server');
    unprobed.know([]);
    expect(unprobed.evidence('bedrock')).toBeUndefined();
  });

  it('of a removed deployment is unknown, and one of a new deployment is not', () => {
    const { intake, reports } = open();
    intake.take(batch(event({ code: '500' })));
    intake.know([{ modelId: 'm3', targetId: 'bb' }]);
    expect(countsOf(intake.take(batch(event({ code: '500' }))))).toEqual({ accepted: 0, unknown: 1 });
    intake.know([{ modelId: 'm1', targetId: 'aa' }]);
    intake.take(batch(event({ code: '500' })));
    expect(reports).toEqual([]);
  });
});

describe("LiteLLM's clock", () => {
  it('that is ahead moves the whole batch back: nothing ends after it was reported', () => {
    const { intake, reports } = open();
    intake.take(batch(event({ ago: -300, took: 2 }), event({ id: 'm3', ago: -295, took: 1 })));
    expect(reports.map(({ target, at }) => [target, at / 1_000 - NOW_MS])).toEqual([
      ['aa', -2_000],
      ['bb', -6_000],
    ]);
  });

  it('that is behind leaves events as old as they say: a late batch looks the same', () => {
    const { intake, reports } = open();
    expect(countsOf(intake.take(batch(event({ ago: 40, took: 2 }), event({ ago: 120 }))))).toEqual({
      accepted: 1,
      unknown: 0,
      'too old': 1,
    });
    expect(reports.map(({ at }) => NOW_MS - at / 1_000)).toEqual([42_000]);
  });

  it('of one event alone moves no other: one far ahead of most of its batch has no valid times', () => {
    const { intake, reports } = open();
    const body = batch(event({ ago: -80_000 }), event({ id: 'm3', took: 0 }), event({ id: 'm3', ago: 3, took: 0 }));
    expect(countsOf(intake.take(body))).toEqual({ accepted: 2, unknown: 0, 'no valid times': 1 });
    expect(reports.map(({ target, at }) => [target, NOW_MS - at / 1_000])).toEqual([['bb', 1_000]]);
    const two = batch(event({ ago: -80_000 }), event({ id: 'm3', ago: 5, took: 0 }));
    expect(countsOf(intake.take(two))).toEqual({ accepted: 1, unknown: 0, 'no valid times': 1 });
  });

  it('that is further ahead than a day is none, and moves no other event', () => {
    const { intake, reports } = open();
    expect(countsOf(intake.take(batch(event({ ago: -90_000 }))))).toEqual({
      accepted: 0,
      unknown: 0,
      'no valid times': 1,
    });
    const body = batch(event({ ago: -90_000 }), event({ id: 'm3', took: 0 }));
    expect(countsOf(intake.take(body))).toEqual({ accepted: 1, unknown: 0, 'no valid times': 1 });
    expect(reports.map(({ target, at }) => [target, NOW_MS - at / 1_000])).toEqual([['bb', 1_000]]);
  });
});

describe('a log line about events', () => {
  it('comes once a minute, with the counts since the one before', () => {
    const { intake, lines, clock } = open();
    const body = batch(event({ id: 'm9' }), event({ id: 'm8' }), event({ ago: 90 }), null, event({ id: null }));
    intake.take(body);
    intake.take(body);
    intake.take('<html>');
    intake.take('<html>');
    clock.advance(60_000);
    intake.take(body);
    intake.take('<html>');
    const clocks =
      '. To fix: synchronise the clocks of the LiteLLM pods, and set their DEFAULT_FLUSH_INTERVAL_SECONDS below 60';
    const hint = 'give LiteLLM and allswell the same model_list and environment';
    const why = 'The request body is not a JSON array, a JSON object, or one JSON object per line.';
    expect(lines).toEqual([
      `Ignored 2 events from LiteLLM for unknown model ids, such as m8: ${hint}`,
      `Ignored events from LiteLLM: 1 not an object, 1 too old${clocks}`,
      `Refused 1 request with events from LiteLLM: ${why}`,
      `Ignored 4 events from LiteLLM for unknown model ids, such as m8: ${hint}`,
      `Ignored events from LiteLLM: 2 not an object, 2 too old${clocks}`,
      `Refused 2 requests with events from LiteLLM: ${why}`,
    ]);
  });

  it('repeats no id of another form than LiteLLM makes', () => {
    const { intake, lines } = open();
    intake.take(batch(event({ id: 'a prompt\nwith a line break' })));
    expect(lines[0]).toContain('such as one of another form:');
  });
});
