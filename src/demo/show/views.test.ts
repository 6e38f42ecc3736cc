import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DemoEvent } from '../demo-event.ts';
import { examplePod, exampleShot, exampleTargetShot } from '../example-snapshot.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { frame } from './frame.ts';
import { jsonView } from './json-view.ts';
import { plainPaint } from '../../terminal/index.ts';
import { plainView } from './plain-view.ts';
import { dollarsOf, latencyOf } from './words.ts';

const events: readonly DemoEvent[] = [
  { atMs: exampleShot().atMs - 2_000, kind: 'order', text: 'gpt-4o now fails: its upstream answers 500' },
  {
    atMs: exampleShot().atMs,
    kind: 'news',
    text: 'gpt-4o is down, all 3 pods agree: 2 server errors (HTTP 500), confirmed by 2 pods: mock upstream says 500',
  },
];

const screen = (shot: Snapshot, size: { width: number; height: number }): string[] =>
  frame({ shot, events, ...size, keys: 'shown', paint: plainPaint });

describe('the screen', () => {
  it('shows whole reasons on a wide screen, and a bar that does not grow with it', () => {
    const why = '2 server errors (HTTP 500), confirmed by 2 pods: the upstream is overloaded and asks for patience';
    const shot = exampleShot({ targets: [exampleTargetShot({ state: 'down', why })] });
    const lines = screen(shot, { width: 200, height: 50 });
    expect(lines.join('\n')).toContain(why);
    expect(Math.max(...lines.map((line) => line.split('█').length - 1))).toBe(70);
  });

  it('shows the probes, their pods and the savings', () => {
    const targets = [
      exampleTargetShot({ state: 'down', latencyMs: 12 }),
      exampleTargetShot({ name: 'gpt-4o-mini', serves: ['gpt-4o-mini', 'cheap'], probing: 'pod 1' }),
    ];
    const pods = [
      examplePod(1, {
        network: 'cut',
        failingOnlyHere: 2,
        self: { mode: 'shared', impaired: true, storeProblem: null },
      }),
      examplePod(2),
      examplePod(3, { life: 'down', self: null, backInMs: 6_100 }),
    ];
    expect(screen(exampleShot({ targets, pods }), { width: 80, height: 24 }).join('\n')).toMatchInlineSnapshot(`
      " allswell  3 pods, 2 targets, every 5 s   ● Redis                          0:42

       Probes the upstream counted          18  ████████████
       Independent pods would have sent     54  █████████████████████████████████████
         = 3 pods × 2 targets, each when the pod starts and every 5 s
       Saved $0.0041 ($207 a month), spent $0.0020 · 1.00 per target and interval
         at list prices; the fleet's own count: $0.0039 by sharing, $0.0005 by alias
       Requests 240 answered, 4 after failover, 0 failed · replaced 9 probes

       TARGET       SERVES              STATE      AGE  BY           TOOK
       gpt-4o       gpt-4o              down       2 s  pod 2       12 ms
       gpt-4o-mini  gpt-4o-mini, cheap  up         2 s  pod 1 …    422 ms

       ● pod 1  impaired     6 probes    network cut, 2 targets unreachable only here
       ● pod 2  shared       6 probes  
       ● pod 3  back in 7 s  6 probes  

       12:00:01  ▶ gpt-4o now fails: its upstream answers 500
       12:00:03  gpt-4o is down, all 3 pods agree: 2 server errors (HTTP 500),
                 confirmed by 2 pods: mock upstream says 500

       k kill last prober   f fail a model   s slow a model   n cut one network
       r stop Redis   h hang Redis   d drain a model   p pause probing   b all back
       q quit"
    `);
  });

  it('shows what an operator decided', () => {
    const targets = [exampleTargetShot({ hold: 'drain' }), exampleTargetShot({ name: 'o3-mini', hold: 'hold-up' })];
    const lines = screen(exampleShot({ targets, probing: 'paused' }), { width: 80, height: 24 });
    expect(lines[0]).toContain('● Redis   probing is paused');
    expect(lines.find((line) => line.startsWith(' gpt-4o '))).toMatch(/ drained +2 s/);
    expect(lines.find((line) => line.startsWith(' o3-mini '))).toMatch(/ held up +2 s/);
  });

  it('never gets wider or higher than the terminal', () => {
    const numbers = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 160 }),
        fc.integer({ min: 4, max: 60 }),
        numbers,
        (width, height, count) => {
          const pods = Array.from({ length: count }, (_, i) => examplePod(i + 1));
          const lines = screen(exampleShot({ pods }), { width, height });
          expect(lines.length).toBe(height);
          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('says how Redis is', () => {
    const titleWhile = (redis: Snapshot['redis']): string | undefined =>
      screen(exampleShot({ redis }), { width: 80, height: 24 })[0];
    expect(titleWhile('stopped')).toContain('Redis is stopped');
    expect(titleWhile('hung')).toContain('Redis hangs');
    expect(titleWhile('none')).toContain('no Redis: one process');
  });
});

describe('lines without a terminal', () => {
  it('show events at once, figures every ten seconds, and nothing that moves a cursor', () => {
    const written: string[] = [];
    const view = plainView({ write: (text: string) => written.push(text) > 0 });
    for (let ms = 0; ms <= 21_000; ms += 250) {
      view.show(exampleShot({ elapsedMs: ms }), ms === 3_000 ? events : []);
    }
    view.close(exampleShot());
    const text = written.join('');
    expect(text).toContain('12:00:01 ▶ gpt-4o now fails');
    expect(
      text.match(
        /18 probes, 54 by independent pods · 240 requests answered, 0 failed · saved \$0\.0041 · targets: 2 up · pods: 3 shared/g,
      ),
    ).toHaveLength(2);
    expect(text).toContain('Saved                             $0.0041 at list prices ($207 a month)');
    expect(text).toContain('Spent                             $0.0020; both assume that every probe is answered');
    expect(text).toContain(
      "Saved by the fleet's own count    $0.0039 by sharing, $0.0005 by alias, of answered probes",
    );
    expect(text).toContain('Requests of clients               240 answered, 4 of them after failover; 0 failed');
    expect(text).toContain("Probes replaced by requests       9, by the pods' estimate");
    expect(text).not.toContain('\x1b');
  });
});

it('lines and JSON show what an operator decided, too', () => {
  const written: string[] = [];
  const shot = exampleShot({ elapsedMs: 11_000, probing: 'paused', targets: [exampleTargetShot({ hold: 'drain' })] });
  plainView({ write: (text: string) => written.push(text) > 0 }).show(shot, []);
  expect(written.at(-1)).toContain('targets: 1 up (drain) · pods: 3 shared · probing is paused');
  jsonView({ write: (text: string) => written.push(text) > 0 }).show(shot, []);
  expect(JSON.parse(written.at(-1)!)).toMatchObject({ probing: 'paused', targets: [{ state: 'up', hold: 'drain' }] });
});

describe('JSON', () => {
  it('is a line each second and one at the end, with every event in exactly one of them', () => {
    const written: string[] = [];
    const view = jsonView({ write: (text: string) => written.push(text) > 0 });
    for (let ms = 0; ms <= 3_000; ms += 250) view.show(exampleShot({ elapsedMs: ms }), ms === 500 ? events : []);
    view.close(exampleShot());
    view.close(exampleShot());
    const lines = written.map((line) => JSON.parse(line) as { kind: string; events: unknown[] });
    expect(lines.map(({ kind }) => kind)).toEqual(['status', 'status', 'status', 'status', 'summary']);
    expect(lines.map((line) => line.events.length)).toEqual([0, 2, 0, 0, 0]);
    expect(lines[0]).toMatchObject({
      store: 'redis',
      redis: 'up',
      probes: { counted: 18, independent: 54, per_target_and_interval: 1 },
      requests: { answered: 240, failed_over: 4, failed: 0, lost_with_pod: 0, replaced_probes: 9 },
      targets: [{ target: 'gpt-4o', state: 'up', checked_by: 'pod 2', latency_ms: 421.7 }, {}],
      list_prices: { spent_usd: 0.002, saved_usd: 0.0041, per_month_usd: 207, targets_without_price: 0 },
      fleet_count: { spent_usd: 0.002, saved_usd: { by_sharing: 0.0039, by_alias: 0.0005, by_cache: 0 } },
    });
  });
});

describe('money', () => {
  const unpriced = { spentUsd: null, savedUsd: null, monthlyUsd: null, unpriced: 2 };

  it('without a price is shown as unknown, and never as $0', () => {
    const shot = exampleShot({ money: unpriced, fleetSpend: { spentUsd: null, savedUsd: null } });
    const text = screen(shot, { width: 80, height: 24 }).join('\n');
    expect(text).toContain('Saved unknown (unknown a month), spent unknown');
    expect(text).toContain("at the list prices of 0 of 2 targets; the fleet's own count: unknown");
    expect(text).not.toMatch(/\$0/);
  });

  it('of the fleet is whole on narrow screens, too', () => {
    const shot = exampleShot({
      fleetSpend: { spentUsd: 1, savedUsd: { sharing: 0.5, alias: 0.25, cache: 0 } as never },
    });
    const lines = screen(shot, { width: 80, height: 30 });
    expect(lines.filter((line) => line.endsWith('…'))).toEqual([]);
  });

  it('says how many targets have a price, and leaves out a count that no pod has reported', () => {
    const shot = exampleShot({ money: { ...exampleShot().money, unpriced: 1 }, fleetSpend: null });
    expect(screen(shot, { width: 80, height: 24 })).toContain('   at the list prices of 1 of 2 targets');
  });
});

it('money has the digits that matter', () => {
  expect([0.00412, -0.00012, 12.3, 1204.2].map(dollarsOf)).toEqual(['$0.0041', '-$0.0001', '$12.30', '$1,204']);
  expect([0, 0.000_004_8, null].map(dollarsOf)).toEqual(['$0.0000', '$0.000005', 'unknown']);
  expect([null, 85.4, 4002].map(latencyOf)).toEqual(['–', '85 ms', '4,002 ms']);
});
