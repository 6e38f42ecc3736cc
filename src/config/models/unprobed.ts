import type { UnprobedDeployment } from '../types.ts';
import { child, entryOf, isAbsent, type Node, settingsOf } from '../yaml/index.ts';
import { ownIdOf } from './entry.ts';
import { modelIdOf } from './model-id.ts';

/** An entry that cannot be probed, by what can still be read of it. */
export function unprobedOf(node: Node, why: string): UnprobedDeployment {
  const modelName = textOf(child(node, 'model_name'));
  const params = child(node, 'litellm_params');
  const info = child(node, 'model_info');
  return {
    modelName,
    modelId: idOf({ modelName, params, info }),
    model: textOf(child(params, 'model')),
    why,
  };
}

function idOf(entry: { modelName: string; params: Node | undefined; info: Node | undefined }): string | null {
  const { modelName, params, info } = entry;
  const written = entryOf(info, 'id')?.value;
  if (written !== undefined) return isAbsent(written) ? null : (ownIdOf(info) ?? null);
  return modelName !== '' && params?.kind === 'map' ? modelIdOf(modelName, params) : null;
}

function textOf(node: Node | undefined): string {
  return node?.kind === 'scalar' && !isAbsent(node) ? String(settingsOf(node)) : '';
}
