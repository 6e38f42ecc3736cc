import { reaches, type Level } from '../health/index.ts';
import type { Entry } from './deployment.ts';
import { addNote, addProblem, type Findings } from './findings.ts';
import type { LevelSettings } from './fleet-schema.ts';
import { isKnownMode, knownModes } from './model-names.ts';
import { nearest } from './nearest.ts';
import { follow, type Node } from './tree.ts';
import type { Upstream } from './upstream.ts';

/** One entry of those that share a target. */
export interface Sharer {
  readonly entry: Entry;
  readonly upstream: Upstream;
  readonly inBackground: boolean;
}

/**
 * How deep the one probe of these rows looks: as deep as the most demanding of those that take part, and never deeper
 * than can be. The model group's word goes before the mode's.
 */
export function levelOf(
  asked: Sharer,
  rows: readonly Sharer[],
  { levels, findings }: { levels: LevelSettings; findings: Findings },
): Level {
  const sharers = rows.filter(({ inBackground }) => inBackground === asked.inBackground);
  const wanted = sharers.flatMap((row) => wantedBy(row, levels) ?? []);
  const most = deepest(asked);
  // One that says nothing wants what it would get without the others.
  const level = (wanted.length < sharers.length ? [...wanted, most] : wanted).reduce(deeper);
  if (!reaches(most, level) || (most !== 'inference' && wanted.length === 0)) noteShallow(asked, findings);
  return reaches(most, level) ? level : most;
}

/** A level for a model group or a mode that is not there is most likely misspelt. */
export function noteUnknownModels(root: Node, groups: readonly string[], findings: Findings): void {
  check(root, { of: 'model', known: groups, isKnown: (name) => groups.includes(name) }, findings);
  check(root, { of: 'mode', known: knownModes, isKnown: isKnownMode }, findings);
}

function wantedBy({ entry, upstream }: Sharer, levels: LevelSettings): Level | undefined {
  return levels.model?.[entry.modelName] ?? levels.mode?.[upstream.mode];
}

function deepest({ upstream }: Sharer): Level {
  const answers = ['chat', 'completion', 'embedding'].includes(upstream.mode);
  return answers && !upstream.upstreamModel.includes('*') ? 'inference' : 'models';
}

function deeper(a: Level, b: Level): Level {
  return reaches(a, b) ? a : b;
}

function noteShallow({ entry, upstream }: Sharer, findings: Findings): void {
  const place = entry.modelPlace;
  const path = [...entry.path, 'litellm_params', 'model'];
  const why = upstream.upstreamModel.includes('*')
    ? 'is a wildcard without health_check_model'
    : isKnownMode(upstream.mode)
      ? 'has a mode without a probe of its own'
      : 'has a mode that is not known';
  addNote(findings, 'info', { place, path, is: `${why}: only the upstream's list of models is asked for` });
}

interface Names {
  readonly of: 'model' | 'mode';
  readonly known: readonly string[];
  readonly isKnown: (name: string) => boolean;
}

function check(root: Node, { of, known, isKnown }: Names, findings: Findings): void {
  const path = ['fleet_health', 'level', of];
  const { node, found } = follow(root, path);
  if (!found || node.kind !== 'map') return;
  for (const { key, keyPlace } of node.entries) {
    if (isKnown(key)) continue;
    const meant = nearest(key, known);
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    const at = { place: keyPlace, path: [...path, key] };
    if (of === 'model') addNote(findings, 'warn', { ...at, is: `names no model group${hint}` });
    else addProblem(findings, { ...at, is: `is not a mode${hint}`, expected: 'a mode such as chat or embedding' });
  }
}
