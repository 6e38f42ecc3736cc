import { addNote, type Findings, nearest } from '../problems/index.ts';
import type { Settings } from '../settings/index.ts';
import { child, follow, type Node, type Path, type SourceLocation, settingsOf } from '../yaml/index.ts';
import type { Deployment } from '../types.ts';

type Selecting = Pick<Settings, 'modelGroups' | 'optedOut'>;

/** How `model_info.disable_background_health_check` is read. */
export interface OptOutRules {
  /** Whether the value, as it is written, opts a deployment out of background checks. */
  optsOut(written: Node): boolean;
  /** Warns of a value that LiteLLM reads as the opposite of what it says. */
  noteOptOut(written: Node, at: { readonly location: SourceLocation; readonly path: Path }, findings: Findings): void;
}

/**
 * The kinds of checks that an entry of `model_list` takes part in. Groups that are not listed are excluded only from
 * background checks; a request for one of them by name still checks it. Read before the entry is checked, because it decides
 * whether problems of the entry are reported.
 */
export function takingPart(
  entry: Node,
  { modelGroups, optedOut }: Selecting,
  { optsOut }: Pick<OptOutRules, 'optsOut'>,
): Pick<Deployment, 'inBackground' | 'onDemand'> {
  const written = follow(entry, switchOff);
  const out = written.found && optsOut(written.node);
  const name = child(entry, 'model_name');
  const inGroups = modelGroups === null || name === undefined || modelGroups.includes(String(settingsOf(name)));
  return { inBackground: !out && inGroups, onDemand: !out || optedOut === 'checked-on-demand' };
}

const switchOff: Path = ['model_info', 'disable_background_health_check'];

/** Warns of a switch that LiteLLM reads as the opposite of what it says. */
export function noteSwitch(
  entry: Node,
  above: Path,
  { rules, findings }: { rules: OptOutRules; findings: Findings },
): void {
  const { node, location, found } = follow(entry, switchOff);
  if (found) rules.noteOptOut(node, { location, path: [...above, ...switchOff] }, findings);
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
      location: follow(root, [...path, at]).location,
      path: [...path, at],
      is: `is not a model group${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    });
  }
  if (modelGroups !== null && !modelGroups.some((group) => names.includes(group))) {
    // LiteLLM's log line, which it repeats in every round.
    addNote(findings, 'warn', {
      location: follow(root, path).location,
      path: [],
      is: `background_health_check_model_groups matched no deployments; groups=[${modelGroups.map((name) => `'${name}'`).join(', ')}]`,
    });
  }
}
