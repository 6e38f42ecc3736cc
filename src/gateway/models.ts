/** A model group as OpenAI describes a model. `created` and `owned_by` are LiteLLM's constants. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: 'openai';
}

export function modelOf(id: string): ListedModel {
  return { id, object: 'model', created: 1_677_610_602, owned_by: 'openai' };
}
