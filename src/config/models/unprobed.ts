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
