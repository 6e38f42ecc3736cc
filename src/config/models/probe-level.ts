import { reaches, type Level } from '../../health/index.ts';
import { deepestLevel, possibleLevel } from '../../providers/index.ts';
import type { ModelEntry } from './entry.ts';
import { addNote, addProblem, type Findings, nearest } from '../problems/index.ts';
import type { LevelSettings } from '../schema/index.ts';
import { isKnownMode, knownModes } from './model-names.ts';
import { follow, type Node } from '../yaml/index.ts';
import type { Upstream } from './upstream.ts';

/** One entry of those that share a target. */
export interface Sharer {
  readonly entry: ModelEntry;
  readonly upstream: Upstream;
  readonly inBackground: boolean;
}

/**
 * The deepest configured level of these deployments, which share one probe, and at most the deepest possible. The setting of
 * the model group takes precedence over that of the mode.
 */
export function levelOf(
  first: Sharer,
  deployments: readonly Sharer[],
  { levels, findings }: { levels: LevelSettings; findings: Findings },
): Level {
  const sharers = deployments.filter(({ inBackground }) => inBackground === first.inBackground);
  const wanted = sharers.flatMap((one) => wantedBy(one, levels) ?? []);
  const most = deepestLevel(first.upstream);
  // A deployment without a setting wants the level that it would get alone.
  const level = (wanted.length < sharers.length ? [...wanted, most] : wanted).reduce(deeper);
  const possible = possibleLevel(level, first.upstream);
  if (isUnaskable(first, possible, levels)) refuseWildcard(first, findings);
  else if (possible !== level || (most !== 'inference' && wanted.length === 0)) noteShallow(first, possible, findings);
  return possible;
}

/** A level for an unknown model group or mode is probably misspelt. */
export function noteUnknownModels(root: Node, groups: readonly string[], findings: Findings): void {
  check(root, { of: 'model', known: groups, isKnown: (name) => groups.includes(name) }, findings);
  check(root, { of: 'mode', known: knownModes, isKnown: isKnownMode }, findings);
}

/** The level of an entry in `fleet_health.level`. */
export function wantedBy({ entry, upstream }: Sharer, levels: LevelSettings): Level | undefined {
  return levels.model?.[entry.modelName] ?? levels.mode?.[upstream.mode];
}

function deeper(a: Level, b: Level): Level {
  return reaches(a, b) ? a : b;
}

/** The same of one entry without those that share its target. */
export function isUnaskableAlone(row: Sharer, levels: LevelSettings): boolean {
  return isUnaskable(row, possibleLevel(wantedBy(row, levels) ?? deepestLevel(row.upstream), row.upstream), levels);
}

/** No probe shows whether a wildcard answers, and a probe that cannot read a list proves only that the host is there. */
function isUnaskable({ entry, upstream }: Sharer, possible: Level, levels: LevelSettings): boolean {
  const named = levels.model?.[entry.modelName];
  if (!upstream.upstreamModel.includes('*')) return false;
  return named === 'inference' || (possible === 'connect' && named !== 'connect');
}

/** Reports a wildcard that no probe can answer for. */
export function refuseWildcard({ entry, upstream }: Sharer, findings: Findings): void {
  const listed = possibleLevel('models', upstream) === 'models';
  const instead = listed ? 'models' : 'connect';
  addProblem(findings, {
    location: entry.modelLocation,
    path: [...entry.path, 'litellm_params', 'model'],
    is: listed
      ? 'is a wildcard, which cannot be probed at level inference'
      : `is a wildcard, and ${upstream.provider} has no list of models`,
    expected: `one of its models in model_info.health_check_model, or the level ${instead} in fleet_health.level.model`,
  });
}

function noteShallow({ entry, upstream }: Sharer, level: Level, findings: Findings): void {
  const location = entry.modelLocation;
  const path = [...entry.path, 'litellm_params', 'model'];
  addNote(findings, 'info', { location, path, is: `${whyShallow(upstream)}: ${lookedAt[level]}` });
}

function whyShallow(upstream: Sharer['upstream']): string {
  if (upstream.wire === 'none') {
    return `belongs to ${upstream.provider}, whose API allswell does not support for this deployment`;
  }
  if (upstream.upstreamModel.includes('*')) return 'is a wildcard without health_check_model';
  if (deepestLevel(upstream) === 'inference') return `belongs to ${upstream.provider}, which has no list of models`;
  return isKnownMode(upstream.mode) ? 'has a mode that cannot be probed at level inference' : 'has an unknown mode';
}

const lookedAt: Readonly<Record<Level, string>> = {
  connect: 'a probe only opens a connection',
  models: "a probe only reads the upstream's list of models",
  inference: 'a probe asks for an answer',
};

interface Names {
  readonly of: 'model' | 'mode';
  readonly known: readonly string[];
  readonly isKnown: (name: string) => boolean;
}

function check(root: Node, { of, known, isKnown }: Names, findings: Findings): void {
  const path = ['fleet_health', 'level', of];
  const { node, found } = follow(root, path);
  if (!found || node.kind !== 'map') return;
  for (const { key, keyLocation } of node.entries) {
    if (isKnown(key)) continue;
    const meant = nearest(key, known);
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    const at = { location: keyLocation, path: [...path, key] };
    if (of === 'model') addNote(findings, 'warn', { ...at, is: `is not a model group${hint}` });
    else addProblem(findings, { ...at, is: `is not a mode${hint}`, expected: 'a mode such as chat or embedding' });
  }
}
