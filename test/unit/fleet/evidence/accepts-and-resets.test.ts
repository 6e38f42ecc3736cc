import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetTarget } from '../../../../src/fleet/options.ts';

const target = fleetTarget();
const other = fleetTarget({ id: '40000000bbbb', upstreamHost: 'api.example.org', name: 'openai/other' });
const third = fleetTarget({ id: 'c0000000cccc', upstreamHost: 'api.example.net', name: 'openai/third' });
const reset = { class: 'network', message: 'read ECONNRESET' } as const;

/** Three pods; the proxy between the first one and one upstream takes connections, then resets them. */
function threePods(changes: Partial<FleetTarget> = {}) {
  const world = testWorld();
  const targets = [{ ...target, ...changes }, other, third];
  const pods = ['pod_a', 'pod_b', 'pod_c'].map((pod) => {
    const [way, proxied] = [testUpstream(world.clock), testUpstream(world.clock)];
    proxied.connects = 'yes';
    const prober = {
      probe: (id: string, level: Parameters<typeof way.probe>[1], signal: AbortSignal) =>
        (id === target.id ? proxied : way).probe(id, level, signal),
    };
    const fleet = createFleet(world.options({ pod, store: world.memory.open(), prober, targets }));
    const states: string[] = [];
    fleet.onChange((change) => {
      if (change.kind === 'verdict-changed' && change.target === target.id) states.push(change.to);
    });
    fleet.start();
    return { fleet, proxied, states };
  });
  const [cut, ...well] = pods as [(typeof pods)[0], (typeof pods)[0], (typeof pods)[0]];
  return { ...world, cut, well };
}

const paid = (levels: readonly { readonly level: string }[]): number =>
  levels.filter(({ level }) => level === 'inference').length;

describe('a pod behind a proxy that accepts connections and then resets them', () => {
  it('keeps one state for an hour: suspect, and only this pod fails (up and suspect, each half of the time)', async () => {
    const { cut, well, pass } = threePods();
    await pass(30_000, 50);
    cut.proxied.failure = reset;
    await pass(60_000, 50);
    for (const { states } of [cut, ...well]) states.length = 0;
    const before = paid(cut.proxied.probes);
    await pass(3_600_000, 100);
    expect(cut.states).toEqual([]);
    expect(well.map(({ states }) => states)).toEqual([[], []]);
    expect(cut.fleet.target(target.id)).toMatchObject({ state: 'suspect', localOnly: true });
    // A probe of its own after 16 intervals of 10 s each: 22 in an hour, beside 360 of the others.
    expect(paid(cut.proxied.probes) - before).toBeLessThanOrEqual(27);
    expect(well.reduce((sum, { proxied }) => sum + paid(proxied.probes), 0)).toBeGreaterThan(340);
  });

  it('reaches the target again within 16 intervals and the longest wait between unbilled checks, once the proxy is gone', async () => {
    const { cut, pass } = threePods();
    await pass(30_000, 50);
    cut.proxied.failure = reset;
    await pass(900_000, 100);
    expect(cut.fleet.target(target.id)).toMatchObject({ localOnly: true });
    cut.proxied.failure = undefined;
    await pass(240_000, 100);
    expect(cut.fleet.target(target.id)).toMatchObject({ state: 'up', localOnly: false });
  });

  it('reads the list of models if the target has one, and pays nothing until it answers', async () => {
    const { cut, pass } = threePods({ paid: { worstNanoUsd: 1, instead: 'models' } });
    await pass(30_000, 50);
    cut.proxied.failure = reset;
    await pass(60_000, 50);
    [cut.states.length, cut.proxied.probes.length] = [0, 0];
    await pass(3_600_000, 100);
    expect(cut.states).toEqual([]);
    expect(paid(cut.proxied.probes)).toBe(0);
    cut.proxied.failure = undefined;
    await pass(81_000, 100);
    expect(cut.fleet.target(target.id)).toMatchObject({ state: 'up', localOnly: false });
  });

  it('makes the target slow in no other pod while its own probe hangs', async () => {
    const { cut, well, pass } = threePods({ timeoutMs: 60_000 });
    await pass(30_000, 50);
    cut.proxied.failure = { class: 'timeout', status: 408, message: 'no answer' };
    await pass(60_000, 50);
    cut.proxied.tookMs = 50_000;
    for (const { states } of well) states.length = 0;
    await pass(1_200_000, 100);
    expect(cut.fleet.target(target.id)).toMatchObject({ state: 'suspect', localOnly: true });
    expect(well.map(({ states }) => states)).toEqual([[], []]);
  });

  it('says so once when that begins, with the failure and a pod that reaches the target, and once when it ends', async () => {
    const { cut, pass, logger, clock } = threePods();
    await pass(30_000, 50);
    cut.proxied.failure = reset;
    const fromMs = clock.wallMs();
    const about = (): string[] =>
      logger.lines
        .filter(({ message }) => /fails to reach|^Local failure of/.test(message))
        .map((line) => `${line.level} ${line.message}`);
    await pass(300_000, 50);
    expect(about()).toHaveLength(1);
    const [, since = ''] = /since (\S+Z)/.exec(about()[0] ?? '') ?? [];
    expect(about()[0]).toMatch(
      /^warn Only this pod fails to reach openai\/gpt-4o-mini since .*: network: read ECONNRESET; pod pod_[bc] reaches it\. To fix: /,
    );
    expect(Date.parse(since) - fromMs).toBeLessThan(60_000);
    cut.proxied.failure = undefined;
    await pass(240_000, 50);
    expect(about().slice(1)).toEqual([
      expect.stringMatching(
        /^info Local failure of openai\/gpt-4o-mini ended after \d+ s: this pod reaches it again; its state is up: /,
      ),
    ]);
  });
});
