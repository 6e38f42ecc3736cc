/** One deployment as both sides read it. */
export interface Deployment {
  /** What stands in messages of the suite: the model, and what is special about it. */
  readonly id: string;
  readonly litellm_params: Readonly<Record<string, unknown>>;
  readonly model_info: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface More {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly info?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly title?: string;
}

export const BASE: string = 'https://upstream.example/v1';
export const RESOURCE: string = 'https://ours.openai.azure.com';

/** One deployment for each name of a list that is separated by white space. */
export function models(
  prefix: string,
  names: string,
  { params = {}, info = {}, env = {}, title }: More = {},
): Deployment[] {
  return names.split(/\s+/).map((name) => ({
    id: `${prefix}${name}${title === undefined ? '' : ` (${title})`}`,
    litellm_params: { model: `${prefix}${name}`, api_key: 'sk-key', ...params },
    model_info: info,
    env,
  }));
}
