import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLikelyPartition } from './likely-partition.ts';
import type { Publishable } from './publishable.ts';

type Row = Pick<Publishable, 'host' | 'list'>;
const up = (host: string): Row => ({ host, list: 'healthy' });
const down = (host: string): Row => ({ host, list: 'unhealthy' });

describe('a bridge that seems cut off', () => {
  it.each([
    ['its only host', [down('a'), down('a')]],
    ['both of its hosts', [down('a'), down('b')]],
    ['half of its hosts', [down('a'), down('b'), up('c'), up('d')]],
    ['two of its three hosts', [down('a'), down('b'), up('c')]],
  ])('finds nothing healthy at %s', (_, rows) => {
    expect(isLikelyPartition(rows)).toBe(true);
  });

  it.each([
    ['one of two hosts fails', [down('a'), up('b')]],
    ['less than half of its hosts fail', [down('a'), up('b'), up('c')]],
    ['any model of a host is healthy: its way is open', [down('a'), up('a'), down('b'), up('b')]],
    ['nothing was judged yet', [{ host: 'a', list: 'unknown' } as const]],
    ['what fails was drained by somebody', [{ host: null, list: 'unhealthy' } as const, up('b')]],
    ['there is nothing at all', []],
  ])('is none where %s', (_, rows) => {
    expect(isLikelyPartition(rows)).toBe(false);
  });

  it('is none as long as most hosts have something healthy, whatever else fails', () => {
    const lists = fc.constantFrom('healthy', 'unhealthy', 'unknown');
    fc.assert(
      fc.property(fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c', 'd', 'e'), list: lists })), (rows) => {
        expect(isLikelyPartition([...rows, up('a'), up('b'), up('c')])).toBe(false);
      }),
    );
  });
});
