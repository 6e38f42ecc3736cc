import { explore } from './explore.ts';
import type { Explored, Limits, Scenario } from './explore.ts';
import { asShipped } from './planted-bugs.ts';
import { everyMix, knownCounterexamples, scenarios } from './scenarios.ts';
import { timelineOf } from './timeline.ts';

// Usage: main.ts [--proof] [--only cut,open,open]
// With --proof it explores all states, or a million in total.
// Explores the scenarios and prints the smallest counterexample of each, as a timeline. Fails if one of them is unknown.
const args = process.argv.slice(2);
const proof = args.includes('--proof');
const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
const mixes = proof ? everyMix : [];
const wanted = [...scenarios, ...mixes].filter(({ paths }) => only === undefined || paths.join() === only.join());
const known = knownCounterexamples.map(({ scenario }) => scenario);
const limits: Limits = proof
  ? { states: 75_000, seconds: 3_600, fairSteps: 14 }
  : { states: 1_000, seconds: 10, fairSteps: 14 };

let states = 0;
let failed = 0;
let complete = true;
for (const scenario of [...wanted, ...(only === undefined ? known : [])]) {
  const startedMs = performance.now();
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  const explored = await explore(scenario, asShipped, mixes.includes(scenario) ? { ...limits, states: 2_000 } : limits);
  states += explored.states;
  complete &&= explored.closed || explored.counterexample !== undefined;
  console.log(lineOf(scenario, explored, (performance.now() - startedMs) / 1_000));
  if (explored.counterexample === undefined) continue;
  if (!known.includes(scenario)) failed += 1;
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  console.log(await timelineOf(scenario, explored.counterexample, asShipped));
}
console.log(`${states} states, ${failed} unknown counterexamples`);
const enough = !proof || only !== undefined || complete || states >= 1_000_000;
if (!enough) console.log('neither all states nor a million: this proves less than it should');
process.exitCode = failed === 0 && enough ? 0 : 1;

function lineOf({ paths, accidents }: Scenario, explored: Explored, seconds: number): string {
  const { states: count, transitions, fairStates, closed, longestFair, probesPerInterval } = explored;
  const end = closed ? 'all states' : 'as far as the limit';
  const name = `${paths.join(', ')}${accidents.pauses ? ', rough' : ''}`;
  const figures = `${count} states, ${transitions} transitions, ${fairStates} fair steps`;
  return `${name}: ${figures}, ${end}; settled after ${longestFair} steps at most, ${probesPerInterval} probes per interval at most; ${seconds.toFixed(1)} s`;
}
