import { act } from './actions.ts';
import { Fleet } from './adapter/index.ts';
import { wrapped } from './model-state.ts';
import type { ModelState } from './model-state.ts';
import { settledWell } from './properties.ts';
import type { PlantedBug } from './planted-bugs.ts';

/** More commands than one step can contain if no rule is broken. */
const MOST_PER_STEP = 24;

/** A completed fair step: the state before time passes, the actions, and the state after. */
export interface FairStep {
  readonly settled: ModelState;
  /** The promise that is broken once faults no longer change; undefined if there is none. */
  readonly why: string | undefined;
  readonly next: ModelState;
  readonly granted: number;
  readonly events: readonly string[];
}

/**
 * One step in which every pod that runs gets its turn, in the order in which the pods themselves plan, and every probe ends.
 * The next state is a function of this one.
 */
export async function fairStep(from: ModelState, bug: PlantedBug): Promise<FairStep> {
  let fleet = new Fleet(wrapped(from), bug);
  const events: string[] = [];
  const before = fleet.state.notes.granted;
  const happen = async (action: Parameters<typeof act>[1], event: string): Promise<void> => {
    await act(fleet, action);
    // The end of a self-check changes only the data; all other actions change the parts, too.
    if (action.kind === 'self-check') fleet = new Fleet(fleet.state, bug);
    events.push(event);
  };
  for (let i = 0; i < fleet.state.pods.length; i += 1) {
    const pod = fleet.state.pods[i];
    if (pod?.pausedAt !== undefined) pod.pausedAt = undefined;
    if (pod !== undefined) pod.behind = false;
  }
  await fleet.hearAll();
  for (let i = 0; i < MOST_PER_STEP; i += 1) {
    const { state } = fleet;
    const running = state.pods.findIndex(({ job }) => job !== undefined);
    const offering = state.pods.findIndex(({ own, lostRecord }) => own !== undefined || lostRecord !== undefined);
    const checking = state.pods.findIndex(
      ({ openCheck }) => openCheck !== undefined && openCheck.nextCheckAt <= state.now,
    );
    // oxlint-disable no-await-in-loop -- one thread of time
    if (running >= 0) {
      await happen({ kind: 'finish', pod: running, reply: 'answered' }, `${nameOf(state, running)} ends its probe`);
    } else if (offering >= 0) {
      await happen({ kind: 'offer', pod: offering }, `${nameOf(state, offering)} offers its evidence`);
    } else if (checking >= 0) {
      await happen({ kind: 'self-check', pod: checking }, `${nameOf(state, checking)} connects`);
    } else {
      const first = firstDue(fleet);
      if (first === undefined) break;
      await happen({ kind: 'claim', pod: first, reply: 'answered' }, `${nameOf(state, first)} claims`);
    }
    // oxlint-enable no-await-in-loop
  }
  const why = settledWell(fleet);
  const settled = JSON.parse(JSON.stringify(fleet.state)) as ModelState;
  await act(fleet, { kind: 'step' });
  return { settled, why, next: wrapped(fleet.state), granted: settled.notes.granted - before, events };
}

function firstDue(fleet: Fleet): number | undefined {
  const due = fleet.pods.flatMap((pod, index) => {
    const plan = pod.plan();
    return plan !== undefined && plan.at <= fleet.state.now + 1_000_000 ? [{ index, at: plan.at }] : [];
  });
  return due.toSorted((a, b) => a.at - b.at)[0]?.index;
}

function nameOf(state: ModelState, index: number): string {
  return state.pods[index]?.id ?? '';
}
