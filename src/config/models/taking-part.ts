import { addNote, type Findings, nearest } from '../problems/index.ts';
import type { Settings } from '../settings/index.ts';
import { child, follow, type Node, type Path, settingsOf } from '../yaml/index.ts';
import type { Deployment } from '../types.ts';
import { flag } from '../schema/index.ts';

type Selecting = Pick<Settings, 'modelGroups' | 'optedOut' | 'bridge'>;

/**
 * Which kinds of checks an entry of `model_list` takes part in. Groups that are left out are left out of the background
 * only: somebody who asks for one of them by name wants to know. Read before the entry is checked: whether anybody is told
 * what is wrong with it depends on it.
 */
export function takingPart(
  entry: Node,
  { modelGroups, optedOut, bridge }: Selecting,
): Pick<Deployment, 'inBackground' | 'onDemand'> {
  const written = follow(entry, switchOff);
  const out = written.found && (bridge === 'on' ? isTrueInPython : isOn)(written.node);
  const name = child(entry, 'model_name');
  const inGroups = modelGroups === null || name === undefined || modelGroups.includes(String(settingsOf(name)));
  return { inBackground: !out && inGroups, onDemand: !out || optedOut === 'checked-on-demand' };
}

const switchOff: Path = ['model_info', 'disable_background_health_check'];

function isOn(written: Node): boolean {
  return flag.safeParse(settingsOf(written)).data === true;
}

/** LiteLLM asks no more of the value than whether there is anything: the text `false` is true. */
function isTrueInPython(written: Node): boolean {
  if (written.kind === 'scalar') return written.value !== false && written.value !== 0;
  return (written.kind === 'map' ? written.entries : written.items).length > 0;
}

/** A text that says no and means yes leaves a deployment unwatched that somebody wants to be watched. */
export function noteOffByText(
  entry: Node,
  at: Path,
  { bridge, findings }: { bridge: Settings['bridge']; findings: Findings },
): void {
  const { node, place, found } = follow(entry, switchOff);
  if (bridge === 'off' || !found || !isTrueInPython(node) || flag.safeParse(settingsOf(node)).data !== false) return;
  const is = 'is text, and any text is true to LiteLLM: nobody probes the deployment. Without quotes it is false';
  addNote(findings, 'warn', { place, path: [...at, ...switchOff], is });
}

/** A group that no model belongs to is most likely misspelt, and then nobody watches the one that was meant. */
export function noteUnknownGroups(
  root: Node,
  { modelGroups, names }: { modelGroups: Selecting['modelGroups']; names: readonly string[] },
  findings: Findings,
): void {
  const path = ['general_settings', 'background_health_check_model_groups'];
  for (const [at, group] of (modelGroups ?? []).entries()) {
    if (names.includes(group)) continue;
    const meant = nearest(group, names);
    addNote(findings, 'warn', {
      place: follow(root, [...path, at]).place,
      path: [...path, at],
      is: `names no model group${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    });
  }
  if (modelGroups !== null && !modelGroups.some((group) => names.includes(group))) {
    // The words of LiteLLM, which says so in every round.
    addNote(findings, 'warn', {
      place: follow(root, path).place,
      path: [],
      is: `background_health_check_model_groups matched no deployments; groups=[${modelGroups.map((name) => `'${name}'`).join(', ')}]`,
    });
  }
}
