import { describe, expect, it } from 'vitest';
import type { StoredHold } from '../../ports/index.ts';
import { HoldBook } from './hold-replica.ts';

const place = 'gpt-4';

describe("a pod's copy of the holds", () => {
  it('keeps the newest decision, in whatever order they come', () => {
    const book = new HoldBook();
    const changes: string[] = [];
    book.listen({ changed: (at) => changes.push(at), setAside: () => undefined });
    for (const version of [5, 3, 5]) book.apply(place, decided(version));
    expect(book.get(place)?.version).toBe(5);
    expect(changes).toEqual([place]);
    book.apply(place, decided(6));
    expect(book.get(place)?.version).toBe(6);
  });

  it('knows what the store lacks after it was read, and what the store has newer', () => {
    const book = new HoldBook();
    for (const at of ['lost', 'older', 'newer']) book.apply(at, decided(5));
    book.read([
      { place: 'older', stored: decided(4) },
      { place: 'newer', stored: decided(6) },
    ]);
    expect(book.unstored().map(([at]) => at)).toEqual(['lost', 'older']);
    expect(book.get('newer')?.version).toBe(6);
  });
});

function decided(version: number): StoredHold {
  return { kind: 'hold', hold: { version, kind: 'drain', until: null, by: 'ada', reason: 'upgrade' } };
}
