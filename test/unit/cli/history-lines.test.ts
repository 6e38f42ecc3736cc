import { describe, expect, it } from 'vitest';
import type { FleetHistoryBody, PastIncidentBody } from '../../../src/api/index.ts';
import { historyLines } from '../../../src/cli/history/history-lines.ts';
import { uptimeLines } from '../../../src/cli/history/uptime-lines.ts';
import { plainPaint } from '../../../src/terminal/index.ts';

const FROM = '2026-11-22T02:00:00.000Z';
const UNTIL = '2026-11-22T03:00:00.000Z';
const uptime = { up_s: 1_800, down_s: 0, unknown_s: 1_800, uptime: 1, known: 0.5 };
const latency = { points: 0, p50_ms: null, p90_ms: null, p99_ms: null };
const incident: PastIncidentBody = {
  started_at: FROM,
  start: 'seen',
  ended_at: UNTIL,
  end: 'recovered',
  down_s: 60,
  classes: ['server'],
  pods: ['pod_a', 'pod_b'],
  cause: 'server: HTTP 500',
};
const look = { span: 'last 7d', notes: [], namePod: (text: string) => text.replace('pod_a', 'web-1/pod_a') };

function lines(over: Partial<FleetHistoryBody>, more = {}): string {
  const body: FleetHistoryBody = {
    group: 'chat',
    from: FROM,
    until: UNTIL,
    known_from: FROM,
    resolution_s: 3_600,
    ...uptime,
    latency,
    incidents: [],
    incidents_left_out: 0,
    days: [],
    targets: [],
    ...over,
  };
  return uptimeLines(body, { ...look, ...more }, plainPaint).join('\n');
}

describe('the uptime of a group', () => {
  it('says how much of the time is known', () => {
    expect(lines({})).toBe('chat, last 7d: 100 % up in the 50 % of the time that is known, 0 incidents');
  });

  it('says when the record begins, and how much is known since then', () => {
    expect(lines({ known_from: '2026-11-22T02:30:00.000Z' })).toBe(
      'chat, last 7d: 100 % up since the record begins at 2026-11-22T02:30:00.000Z, 0 incidents',
    );
    expect(lines({ known_from: '2026-11-22T02:20:00.000Z' })).toBe(
      'chat, last 7d: 100 % up since the record begins at 2026-11-22T02:20:00.000Z, in the 75 % of that time that is known, 0 incidents',
    );
  });

  it('names the pods that saw an incident', () => {
    expect(lines({ incidents: [incident] })).toMatch(/server: HTTP 500 {2}seen by web-1\/pod_a, pod_b$/);
    expect(lines({ incidents: [{ ...incident, pods: [] }] })).toMatch(/server: HTTP 500$/);
  });

  it('has the notes of the pod below the first line', () => {
    expect(lines({}, { notes: ['Probing is paused by ann'] }).split('\n')[1]).toBe('  Probing is paused by ann');
  });
});

it('the results of a target say which come from requests, and not from a probe', () => {
  const result = {
    at: FROM,
    ok: false,
    error: 'server: requests failed',
    class: 'server',
    latency_ms: 5,
    level: 'inference',
    reason: 'scheduled',
    pod: 'pod_a',
  };
  const ids = { target: 'id', model: 'm', groups: [], upstream_host: null, region: null };
  const shown = (source: 'traffic' | 'external' | null): string =>
    historyLines(
      { name: 'chat', history: { ...ids, results: [{ ...result, source }] } },
      { now: UNTIL, namePod: (text) => text, paint: plainPaint },
    ).join('\n');
  expect(shown(null)).toContain('5 ms  inference  scheduled  pod_a');
  expect(shown('traffic')).toContain('5 ms  requests    pod_a');
  expect(shown('external')).toContain('5 ms  reports    pod_a');
});
