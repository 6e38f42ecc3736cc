import { describe, expect, it } from 'vitest';
import { fleetDouble, upView, viewOf } from '../../../golden/fleet-double.ts';
import { manualClock } from '../../../../src/testing/index.ts';
import { createEventFeed } from '../../../../src/admin/fleet/event-feed.ts';
import type { OpenedStream } from '../../../../src/admin/fleet/event-feed.ts';

const POD = 'pod_1795348600000_abcdef';

function world() {
  const clock = manualClock();
  const fleet = fleetDouble([viewOf('t1'), viewOf('t2')]);
  const redact = (text: string): string => text.replaceAll('sk-secret', '[redacted]');
  const feed = createEventFeed({ fleet, clock, redact, config: () => ({ targets: [], deployments: [] }) });
  const change = (why = 'the last probe passed'): void => {
    const view = upView('t1', { why });
    fleet.set(view);
    fleet.tell({ kind: 'verdict-changed', target: 't1', from: 'unknown', to: 'up', view });
  };
  return { clock, fleet, feed, change };
}

/** Reads a stream event by event. */
function reading(opened: OpenedStream) {
  if (opened.kind !== 'open') throw new Error(`there was no room: ${opened.kind}`);
  const reader = opened.stream[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await reader.next();
    return done === true ? 'the end' : new TextDecoder().decode(value);
  };
  return { next, cancel: async () => await reader.return?.() };
}

const idOf = (text: string): string => /^id: (.+)$/m.exec(text)?.[1] ?? '';
const dataOf = (text: string): unknown => JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? 'null');

describe('the stream of the fleet', () => {
  it('begins with a snapshot and goes on with every change', async () => {
    const { fleet, feed, change } = world();
    const { next } = reading(feed.open(null));
    const first = await next();
    expect(first).toMatch(new RegExp(`^id: ${POD}-0\nevent: snapshot\ndata: \\{.*\\}\n\n$`));
    expect(dataOf(first)).toMatchObject({
      mode: 'shared',
      targets: [{ target: 't1', state: 'unknown' }, { target: 't2' }],
    });
    change();
    fleet.tell({ kind: 'mode-changed', mode: 'fallback' });
    const second = await next();
    expect(second).toMatch(new RegExp(`^id: ${POD}-1\nevent: verdict-changed\n`));
    expect(dataOf(second)).toMatchObject({ target: 't1', from: 'unknown', to: 'up', age_seconds: 2.5 });
    expect(dataOf(await next())).toMatchObject({ mode: 'fallback' });
  });

  it('goes on after the event that a reader saw last, though nobody read meanwhile', async () => {
    const { feed, change } = world();
    const { next, cancel } = reading(feed.open(null));
    await next();
    change('one');
    const seen = idOf(await next());
    await cancel();
    change('two');
    change('three');
    const again = reading(feed.open(seen));
    expect(dataOf(await again.next())).toMatchObject({ why: 'two' });
    expect(dataOf(await again.next())).toMatchObject({ why: 'three' });
    change('four');
    expect(dataOf(await again.next())).toMatchObject({ why: 'four' });
  });

  it('shows at once that it lives where a reader missed nothing', async () => {
    const { feed } = world();
    expect(await reading(feed.open(`${POD}-0`)).next()).toBe(': heartbeat\n\n');
  });

  it('begins anew for an id that it cannot go on from', async () => {
    const { feed, change } = world();
    for (let i = 0; i < 1_100; i += 1) change();
    for (const id of [
      '',
      'nonsense',
      `${POD}-`,
      `${POD}-x`,
      `${POD}-99`,
      `${POD}-1101`,
      `${POD}--1`,
      'pod_of_before-1050',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      expect(await reading(feed.open(id)).next()).toContain('event: snapshot');
    }
    expect(await reading(feed.open(`${POD}-100`)).next()).toContain(`id: ${POD}-101\n`);
  });

  it('beats while somebody reads, and only then', async () => {
    const { clock, feed } = world();
    const { next, cancel } = reading(feed.open(null));
    await next();
    clock.advance(15_000);
    expect(await next()).toBe(': heartbeat\n\n');
    clock.advance(15_000);
    expect(await next()).toBe(': heartbeat\n\n');
    await cancel();
    clock.advance(15_000);
    const again = reading(feed.open(null));
    await again.next();
    clock.advance(15_000);
    expect(await again.next()).toBe(': heartbeat\n\n');
  });

  it('drops a reader that does not keep up, and keeps nothing for it; others go on', async () => {
    const { feed, change } = world();
    const slow = reading(feed.open(null));
    const quick = reading(feed.open(null));
    await quick.next();
    const long = 'x'.repeat(10_000);
    for (let i = 0; i < 30; i += 1) {
      change(long);
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      expect(dataOf(await quick.next())).toMatchObject({ why: long });
    }
    expect(await slow.next()).toBe('the end');
  });

  it('does not count the snapshot against a reader, however large the fleet', async () => {
    const { fleet, feed, change } = world();
    for (let i = 0; i < 2_000; i += 1) fleet.set(viewOf(`target-${i}`));
    const { next } = reading(feed.open(null));
    change();
    expect((await next()).length).toBeGreaterThan(400_000);
    expect(await next()).toContain('event: verdict-changed');
  });

  it('has room for a hundred readers, and again when one has left', async () => {
    const { feed } = world();
    const readers = Array.from({ length: 100 }, () => reading(feed.open(null)));
    expect(feed.open(null)).toEqual({ kind: 'full', retryAfterMs: 30_000 });
    await readers[0]?.cancel();
    expect(feed.open(null).kind).toBe('open');
  });

  it('gives a new reader the place of the one that came first, after 30 s at the latest', async () => {
    const { clock, feed, change } = world();
    const first = reading(feed.open(null));
    const seen = idOf(await first.next());
    clock.advance(10_000);
    const second = reading(feed.open(null));
    await second.next();
    for (let i = 2; i < 100; i += 1) feed.open(null);
    expect(feed.open(null)).toEqual({ kind: 'full', retryAfterMs: 20_000 });
    clock.advance(20_000);
    expect(feed.open(null).kind).toBe('open');
    expect(feed.open(null)).toEqual({ kind: 'full', retryAfterMs: 10_000 });
    expect(await first.next()).toBe(': heartbeat\n\n');
    expect(await first.next()).toBe(': heartbeat\n\n');
    expect(await first.next()).toBe('the end');
    change('meanwhile');
    clock.advance(10_000);
    const again = reading(feed.open(seen));
    expect(dataOf(await again.next())).toMatchObject({ why: 'meanwhile' });
  });

  it('sends everybody a new snapshot when the list of targets is another', async () => {
    const { feed, change } = world();
    const { next } = reading(feed.open(null));
    const first = idOf(await next());
    change();
    await next();
    feed.renew();
    const renewed = await next();
    expect(renewed).toContain('event: snapshot');
    // What happened before it is in it.
    expect(await reading(feed.open(first)).next()).toContain('event: snapshot');
    expect(await reading(feed.open(idOf(renewed))).next()).toBe(': heartbeat\n\n');
  });

  it('ends with the pod, after what was still to be read', async () => {
    const { fleet, feed, change } = world();
    const { next } = reading(feed.open(null));
    change();
    feed.close();
    expect(await next()).toContain('snapshot');
    expect(await next()).toContain('verdict-changed');
    expect(await next()).toBe('the end');
    expect(feed.open(null)).toEqual({ kind: 'closed' });
    expect(fleet.listeners).toBe(0);
  });

  it('holds no secret', async () => {
    const { feed, change } = world();
    const { next } = reading(feed.open(null));
    await next();
    change('refused for sk-secret');
    expect(dataOf(await next())).toMatchObject({ why: 'refused for [redacted]' });
  });
});
