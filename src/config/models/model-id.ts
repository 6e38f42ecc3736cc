import { createHash } from 'node:crypto';
import { pythonItems, pythonJson, pythonText } from '../yaml/index.ts';
import type { MapNode, Node, Printer, ScalarNode } from '../yaml/index.ts';

/** LiteLLM's ids of one deployment. */
export interface ModelIds {
  /** Its id in LiteLLM 1.110 and later. */
  readonly modelId: string;
  /** Its id in earlier versions, if that is another one. */
  readonly formerModelId?: string;
}

/**
 * The ids that LiteLLM gives a deployment without one, so that dashboards and the bridge keep theirs: SHA-256 of the model
 * name and of every parameter and its value, in the order of the file, put together without separators.
 */
export function modelIdsOf(modelName: string, params: MapNode): ModelIds {
  const formerModelId = modelIdOf(modelName, params, 'python');
  // The native router only receives parameters that are JSON. For all others LiteLLM still computes the id in Python.
  const modelId = isJson(params) ? modelIdOf(modelName, params, 'native') : formerModelId;
  return formerModelId === modelId ? { modelId } : { modelId, formerModelId };
}

function modelIdOf(modelName: string, params: MapNode, printer: Printer): string {
  const parts = pythonItems(params).flatMap(({ key, value }) => [pythonText(key, printer), textOf(value, printer)]);
  return createHash('sha256')
    .update([modelName, ...parts].join(''))
    .digest('hex');
}

function isJson(node: Node): boolean {
  if (node.kind === 'map') return pythonItems(node).every(({ key, value }) => isText(key) && isJson(value));
  if (node.kind === 'list') return node.items.every(isJson);
  return node.exact?.kind !== 'date' && !Number.isNaN(Number(node.exact?.value ?? 0));
}

function isText({ value, exact }: ScalarNode): boolean {
  return typeof value === 'string' && exact === undefined;
}

// LiteLLM writes a mapping as JSON and everything else as Python prints it.
function textOf(value: Node, printer: Printer): string {
  return value.kind === 'map' ? pythonJson(value, printer) : pythonText(value, printer);
}
