import { createHash } from 'node:crypto';
import { pythonItems, pythonJson, pythonText } from '../yaml/index.ts';
import type { MapNode, Node } from '../yaml/index.ts';

/**
 * The id that LiteLLM gives a deployment without one, so that dashboards and the bridge keep theirs: SHA-256 of the model
 * name and of every parameter and its value, in the order of the file, put together without separators.
 */
export function modelIdOf(modelName: string, params: MapNode): string {
  const parts = pythonItems(params).flatMap(({ key, value }) => [pythonText(key), textOf(value)]);
  return createHash('sha256')
    .update([modelName, ...parts].join(''))
    .digest('hex');
}

// LiteLLM writes a mapping as JSON and everything else as Python prints it.
function textOf(value: Node): string {
  return value.kind === 'map' ? pythonJson(value) : pythonText(value);
}
