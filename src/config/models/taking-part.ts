import { addNote, type Findings, nearest } from '../problems/index.ts';
import type { Settings } from '../settings/index.ts';
import { child, follow, type Node, type Path, settingsOf } from '../yaml/index.ts';
import type { Deployment } from '../types.ts';
import { flag } from '../schema/index.ts';

type Selecting = Pick<Settings, 'modelGroups' | 'optedOut' | 'bridge'>;

/**
 * The kinds of checks that an entry of `model_list` takes part in. Groups that are not listed are excluded only from
 * background checks; a request for one of them by name still checks it. Read before the entry is checked, because it decides
 * whether problems of the entry are reported.
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

/** LiteLLM tests the value's truth in Python: the text `false` is true. */
function isTrueInPython(written: Node): boolean {
  if (written.kind === 'scalar') return written.value !== false && written.value !== 0;
  return (written.kind === 'map' ? written.entries : written.items).length > 0;
}

/** The text `false` disables the checks of a deployment that should have them. */
export function noteOffByText(
  entry: Node,
  at: Path,
  { bridge, findings }: { bridge: Settings['bridge']; findings: Findings },
): void {
  const { node, place, found } = follow(entry, switchOff);
  if (bridge === 'off' || !found || !isTrueInPython(node) || flag.safeParse(settingsOf(node)).data !== false) return;
  const is = 'is text, which LiteLLM reads as true: the deployment is not probed. Remove the quotes to make it false';
  addNote(findings, 'warn', { place, path: [...at, ...switchOff], is });
}

/** A group without models is probably misspelt, and the intended group is then not checked. */
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
      is: `is not a model group${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    });
  }
  if (modelGroups !== null && !modelGroups.some((group) => names.includes(group))) {
    // LiteLLM's log line, which it repeats in every round.
    addNote(findings, 'warn', {
      place: follow(root, path).place,
      path: [],
      is: `background_health_check_model_groups matched no deployments; groups=[${modelGroups.map((name) => `'${name}'`).join(', ')}]`,
    });
  }
}
