import { addNote, addProblem, type Findings } from '../problems/index.ts';
import type { Sharer } from '../models/index.ts';
import { LEAVE_OUT } from './check-models.ts';
import { type Ambiguity, entryOf, type Node, type Path, type Place } from '../yaml/index.ts';

/**
 * Tells where LiteLLM may read other parameters than we do, and so may have another id: what a bridge publishes would then
 * count for nobody. Tags are refused, for a set comes in another order at every start. A merged list is read as by PyYAML
 * before 6.0.4; which one LiteLLM runs with, the file does not say.
 */
export function tellAmbiguities(rows: readonly Sharer[], { findings }: { findings: Findings }): void {
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const hashed = entryOf(entry.infoNode, 'id') === undefined;
    for (const { ambiguity, ...at } of ambiguitiesIn(entry.params, [...entry.path, 'litellm_params'])) {
      if (ambiguity === 'merge') addNote(findings, 'warn', { ...at, is: mergeIs });
      if (ambiguity === 'tag' && hashed) addProblem(findings, { ...at, is: tagIs, expected: tagExpected });
    }
  }
}

const mergeIs =
  'is merged from a list by <<, which PyYAML from 6.0.4 on reads differently: LiteLLM may have other values, and another ' +
  'id, than here. Write the keys out, or merge one mapping only';
const tagIs = 'has a YAML tag, and the id that LiteLLM makes depends on what it reads there';
const tagExpected = `no tag; or model_info.id; or ${LEAVE_OUT}`;

interface FoundAmbiguity {
  readonly ambiguity: Ambiguity;
  readonly place: Place;
  readonly path: Path;
}

function ambiguitiesIn(node: Node, path: Path): readonly FoundAmbiguity[] {
  const own = node.ambiguity === undefined ? [] : [{ ambiguity: node.ambiguity, place: node.place, path }];
  if (node.kind === 'scalar') return own;
  const inside =
    node.kind === 'list'
      ? node.items.flatMap((item, at) => ambiguitiesIn(item, [...path, at]))
      : node.entries.flatMap(({ key, value }) => ambiguitiesIn(value, [...path, key]));
  return [...own, ...inside];
}
