import { describe, expect, it } from 'vitest';
import type { StoredHold } from '../../ports/index.ts';
import { HoldReplica } from './hold-replica.ts';

const key = 'gpt-4';

describe("a pod's copy of the holds", () => {
  it('keeps the newest decision, in whatever order they come', () => {
    const holdReplica = new HoldReplica();
    const changes: string[] = [];
    holdReplica.listen({ changed: (at) => changes.push(at), quarantined: () => undefined });
    for (const version of [5, 3, 5]) holdReplica.apply(key, decided(version));
    expect(holdReplica.get(key)?.version).toBe(5);
    expect(changes).toEqual([key]);
    holdReplica.apply(key, decided(6));
    expect(holdReplica.get(key)?.version).toBe(6);
  });

  it('notes holds that the store lacks, and takes newer ones', () => {
    const holdReplica = new HoldReplica();
    for (const at of ['lost', 'older', 'newer']) holdReplica.apply(at, decided(5));
    holdReplica.read([
      { key: 'older', stored: decided(4) },
      { key: 'newer', stored: decided(6) },
    ]);
    expect(holdReplica.unstored().map(([at]) => at)).toEqual(['lost', 'older']);
    expect(holdReplica.get('newer')?.version).toBe(6);
  });
});

function decided(version: number): StoredHold {
  return { kind: 'hold', hold: { version, kind: 'drain', until: null, by: 'ada', reason: 'upgrade' } };
}
