import { parseJson } from '../../../health/index.ts';
import type { GoogleLogin, Wire } from '../../../providers/index.ts';
import type { CloudCall, CloudInput } from './cloud.ts';
import { setting } from './cloud.ts';

/** Gemini, Claude and text embeddings on Vertex AI. Other publishers' models have addresses and formats of their own. */
export function vertexCall({ model, mode, params, apiKey, env, readFile }: CloudInput): CloudCall {
  const written = setting(params.base_url ?? params.api_base, env, 'VERTEXAI_API_BASE', 'VERTEX_API_BASE');
  const found = credentialsOf({ params, env, readFile });
  if (hasPath(written)) {
    // An endpoint of the customer's own: see `speaksAt` in the table of vendors.
    return apiKey === undefined && 'login' in found ? { login: found.login } : {};
  }
  const location = setting(params.vertex_location, env, 'VERTEXAI_LOCATION', 'VERTEX_LOCATION') ?? DEFAULT_LOCATION;
  const host = (written ?? hostOf(location)).replace(/\/+$/, '');
  const wire = wireOf(model, mode);
  if (wire === 'none') return { wire, apiBase: host };
  if ('why' in found) return { wire: 'none', apiBase: host, why: found.why };
  const project = setting(params.vertex_project, env, 'VERTEXAI_PROJECT', 'VERTEX_PROJECT') ?? found.project;
  if (project === undefined) return { wire: 'none', apiBase: host, why: 'has no vertex_project' };
  return {
    apiBase: `${host}/v1/projects/${project}/locations/${location}`,
    wire,
    region: location,
    login: found.login,
  };
}

function hasPath(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).pathname !== '/';
}

const DEFAULT_LOCATION = 'us-central1';

function wireOf(model: string, mode: string): Wire {
  if (model.includes('/')) return 'none';
  if (model.startsWith('claude')) return mode === 'chat' ? 'vertex-claude' : 'none';
  if (mode === 'embedding') return /^(?:text-|gemini-embedding-001|textembedding-)/.test(model) ? 'vertex' : 'none';
  return model.startsWith('gemini-') ? 'vertex' : 'none';
}

function hostOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (!location.includes('-')) return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

type Found = { readonly login: GoogleLogin; readonly project: string | undefined } | { readonly why: string };

function credentialsOf({ params, env, readFile }: Pick<CloudInput, 'params' | 'env' | 'readFile'>): Found {
  const { vertex_credentials: given } = params;
  const text = typeof given === 'object' ? JSON.stringify(given) : given;
  const reference = setting(text, env, 'VERTEXAI_CREDENTIALS', 'VERTEX_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS');
  if (reference === undefined) return { why: 'has no vertex_credentials and no GOOGLE_APPLICATION_CREDENTIALS' };
  const isText = reference.trimStart().startsWith('{');
  const source: GoogleLogin['source'] = isText ? { kind: 'json', text: reference } : { kind: 'file', path: reference };
  const json = isText ? reference : contentOf(reference, readFile);
  const file: unknown = json === undefined ? undefined : parseJson(json);
  if (typeof file !== 'object' || file === null) return { why: 'has a Google credential file that cannot be read' };
  const of = (key: string): string | undefined => {
    const value: unknown = Object.hasOwn(file, key) ? (file as Record<string, unknown>)[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const account = of('client_email') ?? of('client_id') ?? of('audience') ?? 'unknown';
  return { login: { kind: 'google', source, account }, project: of('project_id') ?? of('quota_project_id') };
}

function contentOf(path: string, readFile: CloudInput['readFile']): string | undefined {
  try {
    return readFile(path);
  } catch {
    return undefined;
  }
}
