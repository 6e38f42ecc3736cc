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

  it('leave out leases before the findings of --why, which name those that matter', () => {
    const leases = [{ target: 'id-a', model: 'openai/a', pod: 'pod_a', until: NOW }];
    const page = { ...pageOf([targetOf({})]), leases };
    expect(statusLines(page, plainPaint)).toContain('LEASES 1');
    expect(statusLines(page, plainPaint, 'why').join('\n')).not.toContain('LEASES');
  });
});
