import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import type { Explored, Scenario } from './explore.ts';
import * as planted from './planted-bugs.ts';
import { calm, everyMix, knownCounterexamples, scenarios } from './scenarios.ts';
import { timelineOf } from './timeline.ts';

const short = { states: 400, seconds: 60, fairSteps: 14 };

/** Without faults: pods take their turns, or not. */
const still = { ...calm, outages: false };

async function found(scenario: Scenario, bug: planted.PlantedBug, states: number): Promise<Explored['counterexample']> {
  return (await explore(scenario, bug, { ...short, states })).counterexample;
}

describe('the model of three pods and one target', () => {
  it.each(scenarios.map((scenario) => [scenario.paths.join(', '), scenario] as const))(
    'keeps every promise with pods that are %s',
    async (_, scenario) => {
      const counterexample = await found(scenario, planted.asShipped, short.states);
      const shown = counterexample && (await timelineOf(scenario, counterexample, planted.asShipped));
      expect(shown).toBeUndefined();
    },
  );

  it('keeps every promise in every mix of pods of which one reaches the target', async () => {
    for (const scenario of everyMix) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const counterexample = await found(scenario, planted.asShipped, 10);
      // oxlint-disable-next-line no-await-in-loop -- only where there is something to print
      const shown = counterexample && (await timelineOf(scenario, counterexample, planted.asShipped));
      expect(shown).toBeUndefined();
    }
  });

  it.each(knownCounterexamples.map((one) => [one.name, one] as const))(
    'still breaks a promise where %s (once fixed, move it to the scenarios)',
    async (_, { scenario, property }) => {
      const counterexample = await found(scenario, planted.asShipped, short.states);
      expect(counterexample?.property).toMatch(property);
    },
  );
});

describe('the model checker', () => {
  it.each([
    [
      planted.staticTurns,
      { paths: ['cut', 'open', 'open'], accidents: calm },
      /pod_b reaches the target and shows down, for ever/,
    ],
    [
      planted.unboundedWait,
      { paths: ['blind', 'open', 'blind'], accidents: calm },
      /all pods that probe deep enough fail, .* for ever/,
    ],
    [
      planted.levelsIgnored,
      { paths: ['shallow', 'open', 'open'], accidents: calm },
      /all pods that probe deep enough fail, and pod_b shows \w+, for ever/,
    ],
    [
      planted.agesIgnored,
      { paths: ['open', 'shallow'], accidents: still },
      /shows a fresh up, and no pod probed as deep/,
    ],
    [
      planted.singleWitness,
      { paths: ['cut', 'open'], accidents: still },
      /shows down, by the failures of one sick host/,
    ],
    [planted.lateScriptsRun, { paths: ['open', 'open', 'open'], accidents: calm }, /ran too late changed the store/],
    [planted.leasesTaken, { paths: ['open', 'open', 'open'], accidents: still }, /two live leases/],
    [
      planted.oldGrantsWin,
      { paths: ['open', 'open'], accidents: { ...still, pauses: true } },
      /an older grant changed the record/,
    ],
    [planted.guardOpen, { paths: ['open', 'open', 'open'], accidents: calm }, /probes per interval, for ever/],
  ] as const)('finds what goes wrong where $name', async (bug, scenario, property) => {
    const counterexample = await found(scenario, bug, 20_000);
    expect(counterexample?.property).toMatch(property);
  });

  it('prints a counterexample as a timeline of the actions and the states that each pod showed', async () => {
    const scenario: Scenario = { paths: ['cut', 'open', 'open'], accidents: calm };
    const counterexample = await found(scenario, planted.staticTurns, 20_000);
    if (counterexample === undefined) throw new Error('found nothing to print');
    const lines = (await timelineOf(scenario, counterexample, planted.staticTurns)).split('\n');
    expect(lines[0]).toMatch(/^broken: pod_b reaches the target/);
    expect(lines[1]).toBe('pods: pod_a cut on pod_a · pod_b open on pod_b · pod_c open on pod_c');
    expect(lines.at(-1)).toContain('down | down | down');
  });
});
