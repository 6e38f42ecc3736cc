import { describe, expect, it } from 'vitest';
import { NOW, pageOf, SINCE, targetOf } from '../../../support/fleet-page.ts';
import { statusLines } from '../../../../src/cli/status/status-lines.ts';
import { plainPaint } from '../../../../src/terminal/index.ts';

const hold = { kind: 'drain', by: 'ann', reason: 'bill', at: SINCE, until: null } as const;
const deployments = [{ model_name: 'chat', model_id: 'm' }];

describe('the lines of allswell status', () => {
  it('tell two deployments of one group apart, by the host of the upstream and the region', () => {
    const lines = statusLines(
      pageOf([
        targetOf({ target: 'x', deployments, upstream_host: 'us.test', region: 'us-east-1' }),
        targetOf({ target: 'y', deployments, upstream_host: 'eu.test:8080' }),
      ]),
      plainPaint,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}up {2}chat \(openai\/a\) {2}us\.test us-east-1 {2,}5 s ago/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}up {2}chat \(openai\/a\) {2}eu\.test:8080 {2,}5 s ago/));
  });

  it('count holds in the first line: of targets, of probing and of cooldowns', () => {
    const page = pageOf([targetOf({ hold }), targetOf({ target: 'b' })]);
    expect(statusLines(page, plainPaint)[0]).toMatch(/ · 1 hold$/);
    expect(statusLines({ ...page, probing_paused: { ...hold, kind: 'pause' } }, plainPaint)[0]).toMatch(/ · 2 holds$/);
    expect(statusLines(pageOf([targetOf({})]), plainPaint)[0]).not.toContain('hold');
  });

  it('name the worst targets first, and give many that are up a line per group', () => {
    const many = Array.from({ length: 1_000 }, (_, i) =>
      targetOf({ target: `t${i}`, deployments: [{ model_name: `g${i % 30}`, model_id: `${i}` }], age_seconds: i % 90 }),
    );
    const page = pageOf([
      ...many,
      targetOf({ target: 'x', state: 'suspect' }),
      targetOf({ target: 'y', state: 'down' }),
    ]);
    const lines = statusLines(page, plainPaint);
    const from = lines.findIndex((line) => line === 'TARGETS 1002: 1000 up, 1 suspect, 1 down');
    expect(lines.slice(from + 1, from + 4).map((line) => line.split(/ {2,}/).slice(1, 3))).toEqual([
      ['down', 'openai/a'],
      ['suspect', 'openai/a'],
      ['up', 'g0: 34 targets'],
    ]);
    expect(lines).toContain('  up       10 more groups: 330 targets');
    expect(lines.length).toBeLessThan(40);
  });

  it('leave out leases before the findings of --why, which name those that matter', () => {
    const leases = [{ target: 'id-a', model: 'openai/a', pod: 'pod_a', until: NOW }];
    const page = { ...pageOf([targetOf({})]), leases };
    expect(statusLines(page, plainPaint)).toContain('LEASES 1');
    expect(statusLines(page, plainPaint, { shows: 'why', detail: 'all' }).join('\n')).not.toContain('LEASES');
  });
});
