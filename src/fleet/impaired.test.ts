import { describe, expect, it } from 'vitest';
import { doubting, ids } from '../../test/support/doubting.ts';

describe('an impaired pod', () => {
  it('is one that stands alone at half of its hosts or more; it says so once', async () => {
    const { doubts, standsAlone, impaired, way, pass } = doubting();
    standsAlone(ids[0]!);
    expect(doubts.impaired).toBe(false);
    standsAlone(ids[1]!);
    standsAlone(ids[2]!);
    expect(impaired).toEqual([true]);
    way.open = true;
    await pass(100_000, 500);
    expect(impaired).toEqual([true, false]);
    expect(doubts.impaired).toBe(false);
  });

  it('is none any more when other pods fail there, too', () => {
    const { doubts, standsAlone, fails, impaired } = doubting();
    for (const id of ids.slice(0, 2)) standsAlone(id);
    expect(doubts.impaired).toBe(true);
    fails(ids[0]!, 'pod_b', 'server');
    expect(doubts.impaired).toBe(false);
    expect(impaired).toEqual([true, false]);
  });

  it('knows at least three hosts: of two, half is too little to blame itself', () => {
    const { doubts, standsAlone } = doubting(['a', 'b']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(doubts.impaired).toBe(false);
  });

  it('counts hosts, not targets', () => {
    const { doubts, standsAlone } = doubting(['a', 'a', 'b', 'c']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(doubts.impaired).toBe(false);
    standsAlone(ids[2]!);
    expect(doubts.impaired).toBe(true);
  });
});
