import { addProblem, type Findings } from '../problems/index.ts';
import type { Sharer } from './probe-level.ts';
import type { Settings } from '../settings/index.ts';
import { LEAVE_OUT } from './speaks-for.ts';
import { entryOf, type Node } from '../yaml/index.ts';

/**
 * LiteLLM would not find results under an id that its own deployment does not have, and nothing else probes the
 * deployment.
 */
export function refuseLostIds(
  rows: readonly Sharer[],
  { bridge, findings }: { bridge: Settings['bridge']; findings: Findings },
): void {
  if (bridge === 'off') return;
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const written = entryOf(entry.infoNode, 'id');
    const is = written === undefined ? undefined : lossOf(written.value);
    if (written === undefined || is === undefined) continue;
    const place = written.value.place;
    const expected = `a constant text, or no id; or ${LEAVE_OUT}`;
    addProblem(findings, { place, path: [...entry.path, 'model_info', 'id'], is, expected });
  }
}

function lossOf(id: Node): string | undefined {
  if (id.kind !== 'scalar') return undefined;
  if (id.value === null) return 'is empty: LiteLLM generates a new id at every start, and finds no results under it';
  return id.value === '' ? 'is an empty text: LiteLLM never checks such a deployment' : undefined;
}
