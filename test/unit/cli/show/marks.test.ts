import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';
import { contextOf } from '../../../support/fleet-parts.ts';
import { anyFacts } from '../../../support/health-arbitraries.ts';
import { defaultPolicy, verdictOf } from '../../../../src/health/index.ts';
import { plainPaint } from '../../../../src/terminal/index.ts';
import { statusLines } from '../../../../src/cli/status/status-lines.ts';
import { marksOf } from '../../../../src/cli/show/marks.ts';

const flags = ['unconfirmed', 'rate-limited', 'slow', 'probe-rejected', 'budget-spent'] as const;
const states = ['unknown', 'up', 'degraded', 'suspect', 'down'] as const;
const whys = [
  'unconfirmed, no other pod probed it: 2 server errors, seen by one pod: boom',
  'only this pod fails, other pods reach it: network: refused',
  'rate-limited 3 times in a row without a good answer: HTTP 429',
  'based on older evidence: the upstream rejects the probe request (HTTP 400)',
  'a running probe has had no answer for 12 s (usually 0.4 s)',
  'the last probe passed',
];
const phrases = [...flags, 'only this pod', 'stale'];

function expectNoPhraseTwice(text: string): void {
  for (const phrase of phrases) expect(text.split(phrase).length - 1, `${phrase} in: ${text}`).toBeLessThanOrEqual(1);
}

describe('the row of a target', () => {
  it('names it as `allswell check` does, and so does the row of its lease', () => {
    const deployments = ['chat-b', 'chat-a', 'chat-b'].map((name, i) => ({ model_name: name, model_id: `id-${i}` }));
    const page = pageOf([targetOf({ deployments })]);
    const leases = [{ target: 'id-a', model: 'openai/a', pod: 'pod_a', until: page.now }];
    const lines = statusLines({ ...page, leases }, plainPaint);
    expect(lines.filter((line) => line.includes('chat-b, chat-a (openai/a)'))).toHaveLength(2);
    expect(statusLines(pageOf([targetOf({})]), plainPaint).some((line) => line.startsWith('  up  openai/a '))).toBe(
      true,
    );
  });

  it('says no phrase twice, whatever its state, its flags and the reason', () => {
    const marked = fc.record({
      state: fc.constantFrom(...states),
      stale: fc.boolean(),
      local_only: fc.boolean(),
      flags: fc.subarray([...flags]),
      why: fc.constantFrom(...whys),
    });
    fc.assert(
      fc.property(marked, (target) => {
        const lines = statusLines(pageOf([targetOf(target)]), plainPaint);
        expectNoPhraseTwice(lines.find((line) => line.includes('openai/a')) ?? '');
      }),
    );
  });

  it('says no phrase twice of any verdict', () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), (facts, stale) => {
        const verdict = verdictOf(facts, defaultPolicy, contextOf({ now: facts.last.at + 1 }));
        const marks = marksOf({ ...verdict, stale, local_only: false });
        expectNoPhraseTwice([...marks, verdict.why].join(', '));
      }),
    );
  });

  it('keeps what the reason does not say', () => {
    const given = { why: 'the last probe passed', stale: true, local_only: true, flags: ['slow', 'slow'] } as const;
    expect(marksOf(given)).toEqual(['stale', 'only this pod fails', 'slow']);
  });
});
