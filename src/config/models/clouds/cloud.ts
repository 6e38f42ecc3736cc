import type { Login, Wire } from '../../../providers/index.ts';
import type { UpstreamParams } from '../../schema/index.ts';
import type { Env } from '../../types.ts';
import { firstSet } from '../provider.ts';

/** What a cloud's address and login are read from. */
export interface CloudInput {
  /** Without the route that LiteLLM writes before it. */
  readonly model: string;
  readonly mode: string;
  readonly params: UpstreamParams;
  /** Of the file or the environment. */
  readonly apiKey: string | undefined;
  readonly env: Env;
  readonly readFile: (path: string) => string;
}

/** How a cloud's deployment is called. What is left out is as the table of vendors says. */
export interface CloudCall {
  /** Where the file and the environment name no other. */
  readonly apiBase?: string;
  readonly wire?: Wire;
  readonly model?: string;
  readonly region?: string;
  readonly login?: Login;
  /** Why there is no login, or no way to ask, as the end of a sentence about the deployment. */
  readonly why?: string;
}

/** A parameter of the file, else the first variable that is set. */
export function setting(value: string | undefined, env: Env, ...names: readonly string[]): string | undefined {
  return value ?? firstSet(env, names);
}

/** LiteLLM's spellings of a token in a file; undefined for other sources. */
export function tokenFileOf(reference: string | undefined, env: Env): string | undefined {
  if (reference === undefined) return undefined;
  if (reference.startsWith('oidc/file/')) return reference.slice('oidc/file/'.length);
  if (reference.startsWith('oidc/env_path/')) return env[reference.slice('oidc/env_path/'.length)];
  return reference === 'oidc/azure' || reference === 'oidc/azure/' ? env['AZURE_FEDERATED_TOKEN_FILE'] : undefined;
}
