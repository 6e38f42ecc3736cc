import { describe, expect, it } from 'vitest';
import type { ClaimAnswer, FleetEvent, FleetStore, StoreAnswer } from '../../ports/index.ts';
import { memoryFleet } from './index.ts';

const NOW = 1_800_000_000_000_000;

async function claimed(store: FleetStore): Promise<StoreAnswer<readonly ClaimAnswer[]>> {
  const request = { target: 't', reason: 'scheduled', intervalMs: 1_000, everyMs: 1_000, version: 0 } as const;
  return store.claim({ pod: 'a', ttlMs: 1_000, notAfter: NOW * 2, requests: [request] });
}

async function beat(store: FleetStore): Promise<void> {
  const place = { host: 'a', domain: 'a', blind: [], unreached: [] };
  const info = { pod: 'a', version: '1', policyHash: 'p', targetsHash: 't', startedAt: 1, impaired: false, ...place };
  await store.heartbeat({ info, ttlMs: 1_000, notAfter: NOW * 2 });
}

describe('memoryFleet', () => {
  it('goes back to a snapshot, as a failover does that loses the last writes', async () => {
    const fleet = memoryFleet({ clockUs: () => NOW });
    const store = fleet.open();
    await beat(store);
    const snapshot = fleet.snapshot();
    await claimed(store);
    expect(fleet.texts('leases').size).toBe(1);
    fleet.restore(snapshot);
    expect(fleet.texts('leases').size).toBe(0);
    expect(fleet.texts('pods').has('a')).toBe(true);
    await claimed(store);
    fleet.restore(snapshot);
    expect(fleet.texts('leases').size).toBe(0);
  });

  it('loses everything at a flush and keeps its subscribers', async () => {
    const fleet = memoryFleet({ clockUs: () => NOW });
    const store = fleet.open();
    const events: FleetEvent[] = [];
    await store.subscribe({ event: (event) => events.push(event), garbage() {}, dropped() {} });
    await beat(store);
    fleet.plant('records', '!epoch', 'e');
    fleet.flush();
    for (const key of ['records', 'leases', 'pods', 'holds'] as const) expect(fleet.texts(key)).toEqual(new Map());
    await claimed(store);
    expect(events).toHaveLength(1);
  });

  it('shares one state between handles and closes each for itself', async () => {
    const fleet = memoryFleet({ clockUs: () => NOW });
    const [first, second] = [fleet.open(), fleet.open()];
    await claimed(first);
    await first.close();
    expect(await first.time()).toMatchObject({ kind: 'lost' });
    expect(await second.readLeases(['t'])).toMatchObject({ kind: 'ok', value: [{ target: 't', pod: 'a' }] });
  });

  it('delivers events when the scheduler says so, in their order whatever it does', async () => {
    const waiting: (() => void)[] = [];
    const fleet = memoryFleet({ clockUs: () => NOW, schedule: (deliver) => waiting.unshift(deliver) });
    const store = fleet.open();
    const seen: string[] = [];
    const dropped: string[] = [];
    const listener = { event: () => seen.push('event'), garbage: (shown: string) => seen.push(shown) };
    await store.subscribe({ ...listener, dropped: (why) => dropped.push(why) });
    await claimed(store);
    fleet.publishGarbage('second');
    fleet.dropSubscribers('gone');
    fleet.publishGarbage('after the end');
    expect(seen).toEqual([]);
    for (const deliver of waiting) deliver();
    expect(seen).toEqual(['event', 'second']);
    expect(dropped).toEqual(['gone']);
  });

  it('runs late commands against its own clock', async () => {
    let now = NOW;
    const store = memoryFleet({ clockUs: () => now }).open();
    now = NOW + 5;
    expect(await store.leave({ pod: 'a', notAfter: NOW + 4 })).toMatchObject({ kind: 'too-late', meta: { now } });
    expect(await store.leave({ pod: 'a', notAfter: NOW + 5 })).toMatchObject({ kind: 'ok' });
  });
});
