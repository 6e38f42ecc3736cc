import type { Findings } from '../problems/index.ts';
import type { UnprobedDeployment } from '../types.ts';
import { child, entryOf, isAbsent, type Node, settingsOf } from '../yaml/index.ts';
import { ownIdOf } from './entry.ts';
import { modelIdsOf } from './model-id.ts';
import { tagsOf } from './tags.ts';

/** An entry that cannot be probed, by what can still be read of it. */
export function unprobedOf(node: Node, why: string): UnprobedDeployment {
  const modelName = textOf(child(node, 'model_name'));
  const params = child(node, 'litellm_params');
  const info = child(node, 'model_info');
  return {
    modelName,
    ...idsOf({ modelName, params, info }),
    tags: params?.kind === 'map' ? tagsOf(params) : [],
    model: textOf(child(params, 'model')),
    why,
  };
}

/** Makes the first problem of an entry a warning, which says what follows; returns the reason. */
export function noteUnprobed({ problems }: Findings, consequence: string, findings: Findings): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const { file, line, column, path, message, expected } = first;
  const text = `${message}: ${consequence}. Expected: ${expected}`;
  findings.notes.push({ level: 'warn', file, line, column, path, message: text });
  return message;
}

function idsOf(entry: {
  modelName: string;
  params: Node | undefined;
  info: Node | undefined;
}): Pick<UnprobedDeployment, 'modelId' | 'formerModelId'> {
  const { modelName, params, info } = entry;
  const written = entryOf(info, 'id')?.value;
  if (written !== undefined) return { modelId: isAbsent(written) ? null : (ownIdOf(info) ?? null) };
  return modelName !== '' && params?.kind === 'map' ? modelIdsOf(modelName, params) : { modelId: null };
}

function textOf(node: Node | undefined): string {
  return node?.kind === 'scalar' && !isAbsent(node) ? String(settingsOf(node)) : '';
}
