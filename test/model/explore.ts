import { grantsPerInterval } from '../../src/fleet/probing/claim-requests.ts';
import { defaultPolicy } from '../../src/health/index.ts';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { actionsIn } from './actions.ts';
import type { Accidents, Action } from './actions.ts';
import { Fleet } from './adapter/index.ts';
import { fairStep } from './fair.ts';
import type { ModelState, UpstreamPath } from './model-state.ts';
import { START_US, wrapped, wrappedText } from './model-state.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { actWatched, brokenIn } from './properties.ts';
import { keyOf } from './state-key.ts';

/** One world: the path of each pod, its host, and the faults. */
export interface Scenario {
  readonly paths: readonly UpstreamPath[];
  /** Hosts of the pods; absent: one host each. */
  readonly hosts?: readonly string[];
  readonly accidents: Accidents;
}

export interface Limits {
  readonly states: number;
  readonly seconds: number;
  /** Fair steps after which promises of progress apply. */
  readonly fairSteps: number;
}

export interface Counterexample {
  readonly property: string;
  readonly actions: readonly Action[];
  /** Fair steps that follow the actions, for a promise of progress. */
  readonly fair: number;
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly fairStates: number;
  readonly closed: boolean;
  readonly longestFair: number;
  readonly probesPerInterval: number;
  readonly counterexample?: Counterexample;
}

interface Visit {
  readonly from: number;
  readonly action: Action | undefined;
}

export function firstState({ paths, hosts }: Scenario): ModelState {
  return {
    now: START_US,
    truth: 'good',
    store: { record: '', lease: '', epoch: '', seq: '' },
    pods: paths.map((path, i) => {
      const id = `pod_${'abc'[i]}`;
      return { id, host: hosts?.[i] ?? id, path, data: 'current', epoch: '', restUntil: 0, behind: false };
    }),
    notes: { deepAt: 0, excused: true, missedSteps: 0, granted: 0 },
  };
}

/** Breadth first, so that the first counterexample is a shortest one. */
export async function explore(scenario: Scenario, bug: PlantedBug, limits: Limits): Promise<Explored> {
  const untilMs = performance.now() + limits.seconds * 1_000;
  const visits: Visit[] = [{ from: -1, action: undefined }];
  const known = new Set([keyOf(firstState(scenario), 'any-turn')]);
  const texts: (Buffer | undefined)[] = [packed(firstState(scenario))];
  const fair = new FairRuns(bug, limits.fairSteps);
  let transitions = 0;
  const result = (closed: boolean, found?: Counterexample): Explored => ({
    states: visits.length,
    transitions,
    fairStates: fair.states,
    closed,
    longestFair: fair.longest,
    probesPerInterval: fair.mostProbes,
    ...(found && { counterexample: found }),
  });
  const pathTo = (index: number): Action[] => {
    const actions: Action[] = [];
    for (let at = index; at > 0; at = visits[at]!.from) actions.unshift(visits[at]!.action!);
    return actions;
  };
  // oxlint-disable no-await-in-loop -- one state after the other
  for (let index = 0; index < visits.length; index += 1) {
    const text = unpacked(texts[index]!);
    texts[index] = undefined;
    const state = JSON.parse(text) as ModelState;
    const fleet = new Fleet(state, bug);
    const broken = await brokenIn(fleet);
    if (broken !== undefined) return result(false, { property: broken, actions: pathTo(index), fair: 0 });
    const stuck = await fair.check(state);
    if (stuck !== undefined) return result(false, { ...stuck, actions: pathTo(index) });
    if (visits.length >= limits.states || performance.now() > untilMs) return result(false);
    for (const action of actionsIn(fleet, scenario.accidents)) {
      const after = await actWatched(JSON.parse(text) as ModelState, action, bug);
      transitions += 1;
      if (after.broken !== undefined) {
        return result(false, { property: after.broken, actions: [...pathTo(index), action], fair: 0 });
      }
      after.state.notes.granted = 0;
      for (const pod of after.fleet.pods) pod.belief();
      const key = keyOf(after.state, 'any-turn');
      if (known.has(key)) continue;
      known.add(key);
      visits.push({ from: index, action });
      texts.push(packed(after.state));
    }
  }
  // oxlint-enable no-await-in-loop
  return result(true);
}

function packed(state: ModelState): Buffer {
  return deflateRawSync(wrappedText(state), { level: 1 });
}

function unpacked(text: Buffer): string {
  return inflateRawSync(text).toString();
}

/** The result of following fair turns from a state. */
interface Orbit {
  /** Steps until all promises are kept, and stay kept. */
  readonly badFor: number;
  readonly why?: string;
  /** The promise is broken in the whole final cycle, or in part of it. */
  readonly again?: 'for ever' | 'again and again';
}

/** As many as the shipped guard grants, which pods without evidence use up. */
const MOST_PER_INTERVAL = grantsPerInterval(defaultPolicy);
/** If two hosts have the same path fault, others show down briefly, at most in this share of the time. */
const MOMENTS = 0.1;

/** Follows fair turns from each state; as the next state is a function of this one, each is followed once. */
class FairRuns {
  readonly #bug: PlantedBug;
  readonly #within: number;
  readonly #orbits = new Map<string, Orbit>();
  longest = 0;
  mostProbes = 0;

  constructor(bug: PlantedBug, within: number) {
    this.#bug = bug;
    this.#within = within;
  }

  get states(): number {
    return this.#orbits.size;
  }

  async check(from: ModelState): Promise<{ property: string; fair: number } | undefined> {
    const path: { key: string; why: string | undefined; granted: number }[] = [];
    const seen = new Map<string, number>();
    let state = wrapped(from);
    let tail: Orbit = { badFor: 0 };
    for (;;) {
      const key = keyOf(state, 'same-turn');
      const orbit = this.#orbits.get(key);
      if (orbit !== undefined) {
        tail = orbit;
        break;
      }
      const start = seen.get(key);
      if (start !== undefined) {
        const cycle = path.slice(start);
        tail = this.#judged(cycle);
        const perInterval = (cycle.reduce((sum, { granted }) => sum + granted, 0) / cycle.length) * 2;
        this.mostProbes = Math.max(this.mostProbes, perInterval);
        if (perInterval > MOST_PER_INTERVAL) {
          return { property: `${perInterval} probes per interval, for ever`, fair: path.length };
        }
        break;
      }
      seen.set(key, path.length);
      // oxlint-disable-next-line no-await-in-loop -- each step follows from the one before
      const { why, next, granted } = await fairStep(state, this.#bug);
      path.push({ key, why, granted });
      state = next;
    }
    for (const { key, why } of path.toReversed()) {
      if (tail.badFor > 0) tail = { ...tail, badFor: tail.badFor + 1 };
      else if (why !== undefined) tail = { badFor: 1, why };
      this.#orbits.set(key, tail);
    }
    if (tail.badFor !== Infinity) this.longest = Math.max(this.longest, tail.badFor);
    if (tail.badFor <= this.#within) return undefined;
    const how = tail.again ?? (tail.badFor === Infinity ? 'for ever' : `for ${tail.badFor} steps`);
    return { property: `${tail.why ?? ''}, ${how}`, fair: this.#within };
  }

  /** Evaluates a cycle of fair steps, which repeats for ever. */
  #judged(cycle: readonly { readonly why: string | undefined }[]): Orbit {
    const bad = cycle.filter(({ why }) => why !== undefined);
    const [first] = bad;
    if (first?.why === undefined || bad.length / cycle.length < MOMENTS) return { badFor: 0 };
    return { badFor: Infinity, why: first.why, again: bad.length === cycle.length ? 'for ever' : 'again and again' };
  }
}
