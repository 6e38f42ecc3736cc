import { describe, expect, it } from 'vitest';
import type { StoredHold } from '../../ports/index.ts';
import { HoldReplica } from './hold-replica.ts';

const place = 'gpt-4';

describe("a pod's copy of the holds", () => {
  it('keeps the newest decision, in whatever order they come', () => {
    const holdReplica = new HoldReplica();
    const changes: string[] = [];
    holdReplica.listen({ changed: (at) => changes.push(at), setAside: () => undefined });
    for (const version of [5, 3, 5]) holdReplica.apply(place, decided(version));
    expect(holdReplica.get(place)?.version).toBe(5);
    expect(changes).toEqual([place]);
    holdReplica.apply(place, decided(6));
    expect(holdReplica.get(place)?.version).toBe(6);
  });

  it('knows what the store lacks after it was read, and what the store has newer', () => {
    const holdReplica = new HoldReplica();
    for (const at of ['lost', 'older', 'newer']) holdReplica.apply(at, decided(5));
    holdReplica.read([
      { place: 'older', stored: decided(4) },
      { place: 'newer', stored: decided(6) },
    ]);
    expect(holdReplica.unstored().map(([at]) => at)).toEqual(['lost', 'older']);
    expect(holdReplica.get('newer')?.version).toBe(6);
  });
});

function decided(version: number): StoredHold {
  return { kind: 'hold', hold: { version, kind: 'drain', until: null, by: 'ada', reason: 'upgrade' } };
}
