import { expect } from 'vitest';
import { runStatus } from '../../src/cli/status/run-status.ts';
import { askPod } from '../../src/cli/ask/index.ts';
import type { FleetPage, PodAddress } from '../../src/cli/ask/index.ts';
import type { Finding } from '../../src/cli/status/finding.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from './captured.ts';

/** The findings of `allswell status --why` at these pods. */
export async function findings(...addresses: readonly PodAddress[]): Promise<readonly Finding[]> {
  const { process, stdout } = captured();
  const end = new AbortController().signal;
  await runStatus(addresses, { shows: 'why', output: 'json' }, { process, end });
  // Names of pods are those of this machine.
  const text = stdout().replaceAll(/[\w.-]+\/(?=pod_\d)/g, '');
  const found = (JSON.parse(text) as { findings: Finding[] }).findings;
  const open = found.some(({ code }) => code === 'target-not-judged');
  expect(process.exitCode).toBe(found.some(({ level }) => level === 'problem') ? 1 : open ? 5 : 0);
  return found;
}

/** The codes alone. */
export async function codes(...addresses: readonly PodAddress[]): Promise<readonly string[]> {
  return (await findings(...addresses)).map(({ code }) => code);
}

/** Waits for one. */
export async function seen(
  address: PodAddress,
  code: Finding['code'],
  matches: (finding: Finding) => boolean = () => true,
): Promise<Finding> {
  const look = async (): Promise<Finding | undefined> =>
    (await findings(address)).find((finding) => finding.code === code && matches(finding));
  return await until(look, { withinMs: 20_000, what: code, everyMs: 50 });
}

/** The targets of a pod, as `/fleet` shows them. */
export async function targetsOf(address: PodAddress): Promise<FleetPage['targets']> {
  const answer = await askPod<FleetPage>(address, '/fleet');
  return answer.kind === 'answered' ? answer.body.targets : [];
}

export const SHARED = 'background_health_checks: true, use_shared_health_check: true';

export interface Yaml {
  readonly general?: string;
  readonly redis?: string;
  readonly host?: string;
  readonly models?: readonly string[];
  readonly more?: string;
}

/** A configuration with models at this upstream, as text. */
export function podYaml(
  apiBase: string,
  { general = SHARED, redis, host = '127.0.0.1', models = ['a'], more = '' }: Yaml = {},
): string {
  const entries = models.map(
    (model) => `  - model_name: ${model}
    litellm_params: { model: openai/${model}, api_base: "${apiBase}", api_key: sk-upstream }
    model_info: { health_check_timeout: 1 }`,
  );
  const cache =
    redis === undefined
      ? ''
      : `litellm_settings: { cache: true, cache_params: { type: redis, host: ${host}, ${redis} } }`;
  return `model_list:\n${entries.join('\n')}\ngeneral_settings: { ${general} }\n${cache}\n${more}\n`;
}
