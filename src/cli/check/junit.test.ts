import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckRow } from './check-row.ts';
import { junitReport } from './junit.ts';

const row: CheckRow = {
  target: 't1',
  model: 'openai/a',
  groups: ['a'],
  outcome: 'unhealthy',
  state: 'down',
  hold: null,
  why: '',
  flags: [],
  latency_ms: 12,
  reused: null,
  warning: null,
};

describe('the JUnit report', () => {
  it('counts failures and what was not judged', () => {
    const rows: CheckRow[] = [row, { ...row, outcome: 'healthy' }, { ...row, outcome: 'not-judged', why: 'late' }];
    const report = junitReport(rows);
    expect(report).toContain('<testsuite name="allswell check" tests="3" failures="1" errors="1" skipped="0">');
    expect(report).toContain('<testcase classname="openai/a" name="a" time="0.012"/>');
    expect(report).toContain('<error type="down" message="late"/>');
  });

  it('passes over what is drained, and says who wanted it', () => {
    const hold = { kind: 'drain', by: 'ops', reason: 'vendor "maintenance"', until: null } as const;
    const report = junitReport([{ ...row, outcome: 'drained', hold }]);
    expect(report).toContain('tests="1" failures="0" errors="0" skipped="1"');
    expect(report).toContain('<skipped message="drained by ops, no end: vendor &quot;maintenance&quot;"/></testcase>');
  });

  it('writes control characters as XML can hold them, or as what stands for the unprintable', () => {
    const why = 'a\u0000b\u001B[31m\u0008\t\n\r]]> <&"\'> \uFFFF \uD800 \u{1F600}';
    expect(junitReport([{ ...row, why }])).toContain(
      'message="a\uFFFDb\uFFFD[31m\uFFFD&#9;&#10;&#13;]]&gt; &lt;&amp;&quot;&apos;&gt; \uFFFD \uFFFD \u{1F600}"',
    );
  });

  it('stays XML whatever upstreams and configurations say', () => {
    const any = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(any, any, any, (why, model, group) => {
        const report = junitReport([{ ...row, why, model, groups: [group] }]);
        expect(report).not.toMatch(/\p{Surrogate}/u);
        // oxlint-disable-next-line no-control-regex -- these are what XML forbids
        expect(report).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
        expect(report.split('\n')).toHaveLength(7);
        expect(report.split('\n')[3]).toMatch(
          /^ {4}<testcase classname="[^<>"]*" name="[^<>"]*" time="0.012"><failure type="down" message="[^<>"]*"\/><\/testcase>$/,
        );
      }),
    );
  });
});
