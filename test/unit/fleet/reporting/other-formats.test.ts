import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetTarget } from '../../../../src/fleet/index.ts';

const seen = fleetTarget({ id: '80000000aaaa', name: 'openai/a' });
const other = fleetTarget({ id: '80000000bbbb', holdKey: 'd0000000bbbb', name: 'openai/b' });

/** A pod that finds these texts in the records at its start. */
function podThatFinds(texts: Readonly<Record<string, string>>, targets: readonly FleetTarget[] = [seen, other]) {
  const world = testWorld();
  for (const [target, text] of Object.entries(texts)) world.memory.plant('records', target, text);
  const options = { pod: 'pod_a', store: world.memory.open(), prober: testUpstream(world.clock), targets };
  const fleet = createFleet(world.options(options));
  fleet.start();
  const warnings = (): string[] =>
    world.logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return { ...world, fleet, warnings };
}

describe('a record of another format', () => {
  it('that an older version wrote is logged as that, and not as the work of another client', async () => {
    const { pass, warnings, fleet } = podThatFinds({ [seen.id]: '7 1 1 1 {"format":1,"lastProbe":{}}' });
    await pass(100, 20);
    expect(warnings()).toEqual([
      'Ignored the stored record of openai/a: an older version wrote it (format 1); the next probe replaces it. To fix: finish the deploy',
    ]);
    expect(fleet.status().quarantined).toEqual([seen.id]);
    await pass(30_000, 100);
    expect(fleet.target(seen.id)?.state).toBe('up');
    expect(fleet.status().quarantined).toEqual([]);
  });

  it('that a newer version wrote is shown as unreadable while this pod probes the target and nobody holds it', async () => {
    const newer = '7 1 1 1 {"format":3}';
    const idle = fleetTarget({ id: '80000000cccc', holdKey: 'd0000000cccc', background: false });
    const texts = { [seen.id]: newer, [other.id]: 'rubbish', [idle.id]: newer, '80000000dddd': newer };
    const { pass, fleet } = podThatFinds(texts, [seen, other, idle]);
    await pass(100, 20);
    expect(fleet.status().unreadable).toEqual([seen.id]);
    const decided = await fleet.decide({ on: seen.id, kind: 'drain', by: 'ann', reason: 'test', until: null });
    expect(decided.kind).toBe('stored');
    expect(fleet.status().unreadable).toEqual([]);
  });
});
