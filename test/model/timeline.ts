import type { Action } from './actions.ts';
import { Fleet } from './adapter/index.ts';
import { firstState } from './explore.ts';
import type { Counterexample, Scenario } from './explore.ts';
import { fairStep } from './fair.ts';
import { START_US, wrapped } from './model-state.ts';
import type { ModelState } from './model-state.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { actWatched, shownIn } from './properties.ts';

/** A counterexample, with one line per action and the state that each pod shows after it. */
export async function timelineOf(scenario: Scenario, found: Counterexample, bug: PlantedBug): Promise<string> {
  let state = firstState(scenario);
  let passedUs = 0;
  const lines = [
    `broken: ${found.property}`,
    `pods: ${state.pods.map((pod) => `${pod.id} ${pod.path} on ${pod.host}`).join(' · ')}`,
  ];
  const line = (what: string, now: ModelState): void => {
    const seconds = ((now.now - START_US + passedUs) / 1_000_000).toFixed(3);
    const shown = shownIn(new Fleet(JSON.parse(JSON.stringify(now)) as ModelState, bug));
    const states = shown.map(
      (one) => `${one.stale ? 'stale ' : ''}${one.state}${one.flags === '' ? '' : ` (${one.flags})`}`,
    );
    lines.push(`${seconds.padStart(9)} s  ${what.padEnd(44)} ${states.join(' | ')}`);
  };
  const wrap = (next: ModelState): ModelState => {
    const back = wrapped(next);
    passedUs += next.now - back.now;
    return back;
  };
  // oxlint-disable no-await-in-loop -- one thread of time
  for (const action of found.actions) {
    state = wrap(state);
    state = (await actWatched(state, action, bug)).state;
    new Fleet(state, bug).pods.forEach((pod) => pod.belief());
    line(textOf(action, state), state);
  }
  if (found.fair > 0) lines.push('            from here on every pod gets its turns, and nothing else happens');
  for (let i = 0; i < found.fair; i += 1) {
    state = wrap(state);
    const { settled, next, events } = await fairStep(state, bug);
    line(events.join(', ') || 'nothing is due', settled);
    passedUs += Math.max(0, Math.round((settled.now - next.now) / 1e7) * 1e7);
    state = next;
  }
  // oxlint-enable no-await-in-loop
  return lines.join('\n');
}

function textOf(action: Action, state: ModelState): string {
  const pod = 'pod' in action ? (state.pods[action.pod]?.id ?? '') : '';
  const reply = 'reply' in action && action.reply !== 'answered' ? ` (reply ${action.reply})` : '';
  const texts: Record<Action['kind'], string> = {
    claim: `${pod} claims${reply}`,
    finish: `${pod} ends its probe${reply}`,
    offer: `${pod} offers its evidence`,
    pause: `${pod} stands still`,
    resume: `${pod} runs again`,
    hear: `${pod} hears what it missed`,
    'self-check': `${pod} connects, for its self-check`,
    break: 'the upstream fails',
    heal: 'the upstream works again',
    'lose-data': 'the store loses its data',
    step: 'one edge interval passes',
  };
  return texts[action.kind];
}
