import type { FullVendor } from './vendor.ts';

/** Whether a model is among the names of a list, in one of the spellings that vendors use for one and the same. */
export function isListed(model: string, ids: readonly string[], { unlistedEnding }: FullVendor): boolean {
  const name = unlistedEnding === undefined ? model : model.replace(unlistedEnding, '');
  return ids.some((id) => isNamed(id, name));
}

function isNamed(id: string, model: string): boolean {
  return (
    id === model ||
    // With a path in front, such as Gemini's `models/`; on either side.
    id.endsWith(`/${model}`) ||
    model === `models/${id}` ||
    // Ollama's tag where none is asked for.
    id === `${model}:latest` ||
    // The list has the dated model behind an undated alias.
    id.replace(/-\d{8}$/, '') === model.replace(/-latest$/, '')
  );
}
