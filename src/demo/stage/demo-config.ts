import { fileURLToPath } from 'node:url';
import { formatRefusal, loadConfig, readConfigFile } from '../../config/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { packageFile } from '../../package-files.ts';

/** Configuration file of every pod of the demo. */
export const CONFIG_FILE: string = fileURLToPath(packageFile('examples/fleet/proxy_config.yaml'));

/** Addresses and keys of the vendors, by the variables that the file uses. */
export function vendorEnv([openai, azure, vllm]: readonly number[]): Record<string, string> {
  return {
    OPENAI_API_BASE: `http://127.0.0.1:${openai}/v1`,
    OPENAI_API_KEY: 'sk-demo-openai',
    AZURE_API_BASE: `http://127.0.0.1:${azure}`,
    AZURE_API_KEY: 'demo-azure',
    VLLM_API_BASE: `http://127.0.0.1:${vllm}/v1`,
  };
}

export const VENDORS = 3;

/** Loads the file as a pod does. */
export function readDemoConfig(env: Readonly<Record<string, string>>): AllswellConfig {
  const loaded = loadConfig({ file: CONFIG_FILE, env, readFile: readConfigFile });
  if (loaded.kind === 'refused') throw new Error(formatRefusal(loaded));
  return loaded.config;
}

/** ScriptNames of the targets, available before anything runs. */
export function demoModels(): string[] {
  const env = { ...vendorEnv([1, 2, 3]), REDIS_HOST: '127.0.0.1', REDIS_PORT: '6379', LITELLM_MASTER_KEY: 'sk-demo' };
  return readDemoConfig(env).targets.map(({ upstreamModel }) => upstreamModel);
}
