import { describe, expect, it } from 'vitest';
import { bridgeFleet as place } from '../../support/bridge-fleet.ts';

// A deploy across record formats: pods of the newer version write records that pods of the older one cannot read.

describe('a bridge that cannot read records of a newer version', () => {
  it('gives up the lease, so that a pod that can read them publishes (a bridge of an older version that kept it)', async () => {
    const { pass, start, published } = place();
    const older = start('aw-old');
    await pass(500);
    expect(published()).toMatchObject({ checked_by: 'aw-old' });
    const newer = start('aw-new');
    await pass(500);
    older.status.unreadable = ['80000000aaaa', '80000000bbbb'];
    older.verdict.list = 'unknown';
    await pass(3_500);
    expect(published()).toMatchObject({ checked_by: 'aw-new' });
    expect(newer.bridge.bridge().state).toBe('publishing');
    expect(older.bridge.leads).toBe(false);
    const why = 'a newer version wrote the records of 2 targets, which this pod cannot read';
    expect(older.bridge.bridge()).toMatchObject({ state: 'withheld', why, holder: null });
    await pass(60_000);
    expect(published()).toMatchObject({ checked_by: 'aw-new' });
    const said = `LiteLLM bridge: this pod leaves publishing to other pods: ${why}. To fix: finish the deploy`;
    expect(older.lines.filter((line) => line === said)).toHaveLength(1);
  });

  it('does not take a free lease, and takes it once it can read them', async () => {
    const { keys, pass, start } = place();
    const older = start('aw-old');
    older.status.unreadable = ['80000000aaaa'];
    await pass(30_000);
    expect(keys.read('allswell:bridge:{health_check_results}')).toBeUndefined();
    expect(older.bridge.bridge()).toMatchObject({
      state: 'withheld',
      why: 'a newer version wrote the record of 1 target, which this pod cannot read',
    });
    older.status.unreadable = [];
    await pass(500);
    expect(older.bridge.bridge().state).toBe('publishing');
  });
});
