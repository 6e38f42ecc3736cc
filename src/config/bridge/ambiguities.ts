import { addNote, addProblem } from '../problems/index.ts';
import type { Sharer } from '../models/index.ts';
import { LEAVE_OUT } from './check-models.ts';
import { type Ambiguity, entryOf, type Node, type Path, type SourceLocation } from '../yaml/index.ts';

/**
 * Reports parameters that LiteLLM may read differently, and so may have another id: no LiteLLM pod would then use the
 * published result. Tags are refused, because a set has another order at every start. A merged list is read as by PyYAML
 * before 6.0.4; the file does not show which version LiteLLM uses.
 */
export function checkAmbiguities({ entry }: Sharer): void {
  const hashed = entryOf(entry.infoNode, 'id') === undefined;
  for (const { ambiguity, ...at } of ambiguitiesIn(entry.params, [...entry.path, 'litellm_params'])) {
    if (ambiguity === 'merge') addNote(entry.findings, 'warn', { ...at, is: mergeIs });
    if (ambiguity === 'tag' && hashed) addProblem(entry.findings, { ...at, is: tagIs, expected: tagExpected });
  }
}

const mergeIs =
  'is merged from a list by <<, which PyYAML 6.0.4 and newer merge differently: LiteLLM may have other values and another ' +
  'id. Write the keys out, or merge only one mapping';
const tagIs = 'has a YAML tag, so the id that LiteLLM computes may differ';
const tagExpected = `no tag; or model_info.id; or ${LEAVE_OUT}`;

interface FoundAmbiguity {
  readonly ambiguity: Ambiguity;
  readonly location: SourceLocation;
  readonly path: Path;
}

function ambiguitiesIn(node: Node, path: Path): readonly FoundAmbiguity[] {
  const own = node.ambiguity === undefined ? [] : [{ ambiguity: node.ambiguity, location: node.location, path }];
  if (node.kind === 'scalar') return own;
  const inside =
    node.kind === 'list'
      ? node.items.flatMap((item, at) => ambiguitiesIn(item, [...path, at]))
      : node.entries.flatMap(({ key, value }) => ambiguitiesIn(value, [...path, key]));
  return [...own, ...inside];
}
