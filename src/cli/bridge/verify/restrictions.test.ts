import { describe, expect, it } from 'vitest';
import { COOLDOWNS, PROBING } from '../../../ports/index.ts';
import type { FleetStore, Hold, HoldKey } from '../../../ports/index.ts';
import { checkProbing, checkRestriction, readRestrictions } from './restrictions.ts';

const NOW = 1_795_000_000_000_000;
const HOLD: Hold = { version: NOW - 60_000_000, kind: 'cooldowns-off', until: null, by: 'ann', reason: 'INC-1' };

describe('the restrictions of operators', () => {
  it.each([
    ['off', 'cooldowns-off', 'off'],
    ['observe', 'cooldowns-observe', 'only observed'],
  ] as const)('%s skips the check of cooldowns, with who, since when and why', async (_name, kind, shown) => {
    const found = await readRestrictions(holding([COOLDOWNS, { ...HOLD, kind }]));
    expect(checkRestriction(found)).toEqual({
      check: 'cooldown',
      result: 'skipped',
      says: `cooldowns are ${shown}, by ann, since 2026-11-18T11:05:40.000Z, no end: INC-1; none was written`,
    });
    expect(checkProbing(found)).toEqual([]);
  });

  it('paused probing is a line of its own, and leaves cooldowns alone', async () => {
    const found = await readRestrictions(holding([PROBING, { ...HOLD, kind: 'pause', until: NOW + 60_000_000 }]));
    expect(checkRestriction(found)).toBeUndefined();
    expect(checkProbing(found)).toEqual([
      {
        check: 'probing',
        result: 'skipped',
        says: 'probing is paused, by ann, since 2026-11-18T11:05:40.000Z, until 2026-11-18T11:07:40.000Z: INC-1; until it resumes, no probe finds an outage',
      },
    ]);
  });

  it.each([
    ['ended', { ...HOLD, kind: 'none' }],
    ['expired', { ...HOLD, until: NOW - 1 }],
  ] as const)('one that has %s has no effect', async (_name, hold) => {
    expect(checkRestriction(await readRestrictions(holding([COOLDOWNS, hold])))).toBeUndefined();
  });

  it('that cannot be read skip the check: a cooldown could break one', async () => {
    const lost = { kind: 'lost', loss: { code: 'timeout', message: 'no answer in time' } } as const;
    const found = await readRestrictions({ readHolds: async () => await Promise.resolve(lost) });
    expect(checkRestriction(found)).toMatchObject({
      result: 'skipped',
      says: expect.stringMatching(/no answer in time$/),
    });
  });
});

function holding(...holds: readonly (readonly [HoldKey, Hold])[]): Pick<FleetStore, 'readHolds'> {
  const value = holds.map(([key, hold]) => ({ key, stored: { kind: 'hold', hold } as const }));
  const meta = { epoch: '', seq: 0, now: NOW };
  return { readHolds: async () => await Promise.resolve({ kind: 'ok', meta, value }) };
}
