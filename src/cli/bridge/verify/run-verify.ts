import { formatRefusal, loadConfig, readConfigFile } from '../../../config/index.ts';
import type { AllswellConfig } from '../../../config/index.ts';
import type { FoundCooldown, StoreAnswer } from '../../../ports/index.ts';
import { openLitellmKeys, poolsOfConfig } from '../../../server/index.ts';
import type { OpenedLitellmKeys } from '../../../server/index.ts';
import { paintFor } from '../../../terminal/index.ts';
import { readAddress } from '../../ask/index.ts';
import type { PodAddress } from '../../ask/index.ts';
import type { CliProcess } from '../../cli-process.ts';
import { exitStatus } from '../../exit-status.ts';
import { askPodPages } from './ask-pod-pages.ts';
import type { AskedPod } from './ask-pod-pages.ts';
import { chooseCanary } from './canary.ts';
import { failed, skipped } from './check.ts';
import type { Check } from './check.ts';
import { checkPublished, resultsIn } from './expected.ts';
import type { Expected } from './expected.ts';
import { readModels } from './litellm-pages.ts';
import { checkPod, pageIn } from './pod-checks.ts';
import { readDocument } from './read-document.ts';
import { checkProbing, checkRestriction, readRestrictions } from './restrictions.ts';
import type { Restrictions, UnreadRestrictions } from './restrictions.ts';
import { runCanary } from './run-canary.ts';
import { verifyJson, verifyLines } from './verify-lines.ts';
import type { Verified } from './verify-lines.ts';

export interface VerifyFlags {
  readonly config?: string;
  /** URLs of LiteLLM pods. */
  readonly litellm: readonly string[];
  readonly keyFile?: string;
  /** `model_id` of a deployment to cool down for a few seconds. */
  readonly withCanary?: string;
  /** Of one answer, seconds. */
  readonly timeout: number;
  readonly json?: true;
}

export interface VerifyParts {
  readonly process: CliProcess;
  readonly end: AbortSignal;
}

/** Asks LiteLLM pods whether they act on allswell's verdicts, prints the checks and sets the exit status. */
export async function runVerify(flags: VerifyFlags, { process, end }: VerifyParts): Promise<void> {
  const { env, stdout } = process;
  const file = flags.config;
  const loaded = loadConfig({ ...(file !== undefined && { file }), profile: 'bridge', env, readFile: readConfigFile });
  if (loaded.kind === 'refused') return refuse(process, formatRefusal(loaded));
  const addresses = addressesOf(flags, env, loaded.config);
  if (typeof addresses === 'string') return refuse(process, addresses);
  const keys = openLitellmKeys(loaded.config);
  try {
    const verified = await verify({ config: loaded.config, addresses, keys, named: flags.withCanary, end });
    if (end.aborted) return;
    if (typeof verified === 'string') return refuse(process, verified);
    const text =
      flags.json === true ? verifyJson(verified.checks) : verifyLines(verified.checks, paintFor(stdout)).join('\n');
    stdout.write(`${text}\n`);
    process.exitCode = verified.asked === 0 ? exitStatus.usage : statusOf(verified.checks);
  } finally {
    await keys.close();
  }
}

function refuse(process: CliProcess, why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = exitStatus.usage;
}

function statusOf(verified: readonly Verified[]): number {
  const wrong = verified.some(({ checks }) => checks.some(({ result }) => result === 'failed'));
  return wrong ? exitStatus.unhealthy : exitStatus.ok;
}

/** The pods' addresses, or what is wrong with them. The key is LiteLLM's: allswell may have another master key. */
function addressesOf(
  { litellm, keyFile, timeout }: VerifyFlags,
  env: NodeJS.ProcessEnv,
  { masterKey }: AllswellConfig,
): readonly PodAddress[] | string {
  const key = [env['LITELLM_MASTER_KEY'], masterKey].find((one) => one !== undefined && one !== null && one !== '');
  const addresses: PodAddress[] = [];
  for (const url of litellm) {
    const flags = { url, timeout, ...(keyFile !== undefined && { keyFile }) };
    const read = readAddress(flags, { LITELLM_MASTER_KEY: key ?? undefined }, '--litellm');
    if (read.kind === 'refused') return read.why;
    addresses.push(read.address);
  }
  return addresses;
}

interface VerifyInput {
  readonly config: AllswellConfig;
  readonly addresses: readonly PodAddress[];
  readonly keys: OpenedLitellmKeys;
  readonly named: string | undefined;
  readonly end: AbortSignal;
}

interface VerifyOutcome {
  readonly checks: readonly Verified[];
  /** Pods that answered. */
  readonly asked: number;
}

/** All checks; a text if the named canary must not be used. */
async function verify({ config, addresses, keys, named, end }: VerifyInput): Promise<VerifyOutcome | string> {
  const before = await readDocument(keys.results, end);
  const expected = expectedOf(config, before);
  const asked = await Promise.all(addresses.map(async (address) => await askPodPages(address, end)));
  // Another bridge may have taken over while the pods were asked.
  const after = await readDocument(keys.results, end);
  const authors = [before, after].flatMap((answer) => resultsIn(answer)?.checkedBy ?? []);
  const restrictions = await readRestrictions(keys.holds);
  const cooldowns = await checkCooldowns({ config, keys, expected, restrictions, named, end }, asked);
  if (typeof cooldowns === 'string') return cooldowns;
  const pods = asked.map(({ address, litellm, answers }): Verified => {
    if (answers === undefined) return { about: address.url, checks: [litellm] };
    const cooldown = cooldowns.get(address) ?? skipped('cooldown', 'not checked');
    return { about: address.url, checks: [litellm, ...checkPod(answers, expected, [...new Set(authors)]), cooldown] };
  });
  return {
    checks: [{ about: 'allswell', checks: [checkPublished(before, expected), ...checkProbing(restrictions)] }, ...pods],
    asked: asked.filter(({ answers }) => answers !== undefined).length,
  };
}

function expectedOf(config: AllswellConfig, answer: StoreAnswer<string> | null): Expected {
  const { deployments, unprobed, litellmIntervalMs, intervalMs: probeIntervalMs, cooldowns } = config;
  return {
    deployments: [
      ...deployments.map(({ modelId, formerModelId, modelName: group, model }) => ({
        modelId,
        formerModelId,
        group,
        model,
      })),
      ...unprobed.flatMap(({ modelId, formerModelId, modelName: group, model }) =>
        modelId === null ? [] : [{ modelId, formerModelId, group, model }],
      ),
    ],
    withoutId: unprobed.flatMap(({ modelId, modelName: group, model }) => (modelId === null ? { group, model } : [])),
    litellmIntervalMs,
    probeIntervalMs,
    cooldowns,
    results: resultsIn(answer),
    resultsReadAt: answer?.kind === 'ok' ? answer.meta.now / 1_000 : 0,
  };
}

type CooldownInput = Omit<VerifyInput, 'addresses'> & {
  readonly expected: Expected;
  readonly restrictions: Restrictions | UnreadRestrictions;
};

/** The check of cooldowns per pod; a text if the named canary must not be used. */
async function checkCooldowns(
  { config, keys: { cooldowns: store, results }, expected, restrictions, named, end }: CooldownInput,
  asked: readonly AskedPod[],
): Promise<ReadonlyMap<PodAddress, Check> | string> {
  const all = (check: Check): ReadonlyMap<PodAddress, Check> => new Map(asked.map(({ address }) => [address, check]));
  if (store === null || results === null) return all(skipped('cooldown', 'cooldowns are off in this configuration'));
  const restricted = checkRestriction(restrictions);
  if (restricted !== undefined) return all(restricted);
  const found = await store.read(config.deployments.map(({ modelId }) => modelId));
  if (found.kind === 'lost') {
    const says = `the Redis of LiteLLM's Router cannot be read, so allswell keeps no cooldowns: ${found.loss.message}`;
    return all(failed('cooldown', says, reachRouter));
  }
  const now = Date.now() / 1_000;
  const running = new Map([...found.value].filter(([, one]) => isRunning(one, now)));
  const canary = chooseCanary({ expected, pools: poolsOfConfig(config), cooldowns: running, named });
  if (canary.kind === 'refused') return canary.why;
  if (canary.kind === 'none') return all(skipped('cooldown', canary.why));
  const pods = asked.flatMap(({ address, answers }) => {
    const models = answers === undefined ? undefined : pageIn(answers.models, readModels);
    return models === undefined ? [] : [{ address, models }];
  });
  const nowSeconds = async (): Promise<number | undefined> => {
    const answer = await results.readAccess();
    return answer.kind === 'ok' ? answer.meta.now / 1_000_000 : undefined;
  };
  const checks = await runCanary(canary, pods, { store, nowSeconds, end });
  const noModels = all(skipped('cooldown', '/v1/model/info does not tell which deployments the pod has'));
  return new Map([...noModels, ...checks]);
}

const reachRouter =
  "check router_settings.redis_* (without them, the Redis of the health checks), the network to it, and the rights of the bridge's user";

/** LiteLLM's keys may outlive their own time by a moment. */
function isRunning({ atSeconds, seconds }: FoundCooldown, now: number): boolean {
  return atSeconds + seconds > now - CLOCK_ERROR_S;
}

const CLOCK_ERROR_S = 5;
