import { setTimeout as pause } from 'node:timers/promises';
import type { Cooldown, CooldownOutcome, CooldownStore } from '../../../ports/index.ts';
import type { PodAddress } from '../../ask/index.ts';
import { askLitellm } from './ask-litellm.ts';
import { questionFor } from './canary.ts';
import type { Canary, RouterQuestion } from './canary.ts';
import { failed, passed, skipped } from './check.ts';
import type { Check } from './check.ts';
import { hasId, nameOf } from './expected.ts';
import type { ConfiguredDeployment } from './expected.ts';
import { readChosen } from './litellm-pages.ts';
import type { ListedModel } from './litellm-pages.ts';
import { FIRST_PICKS, picksNeeded } from './router-pick.ts';
import type { Picks } from './router-pick.ts';

/** Lifetime of the canary's cooldown. A pod that has read it keeps to it that long, even if the key is deleted. */
const LIFE_MS = 4_000;
/** LiteLLM reads cooldowns once per second: a pod that has not obeyed after this time does not obey. */
const OBEYS_WITHIN_MS = 3_000;
/** A cooldown of LiteLLM's own lasts 5 s by default: one that lasts longer is renewed by allswell. */
const WATCH_MS = 8_000;
const LONGEST_WATCH_MS = 20_000;
/** The Router has looked at its cooldowns after this time. */
const LOOKS_WITHIN_MS = 1_500;
const PAUSE_MS = 100;
/** LiteLLM logs an error each time that its Router has no deployment to choose. */
const WATCH_PAUSE_MS = 1_000;

const TOKEN_COUNTER = '/utils/token_counter';

export interface CanaryParts {
  readonly store: CooldownStore;
  /** The store's clock, Unix seconds; undefined if the store does not answer. */
  readonly nowSeconds: () => Promise<number | undefined>;
  readonly end: AbortSignal;
}

export interface CanaryPod {
  readonly address: PodAddress;
  readonly models: readonly ListedModel[];
}

/**
 * Cools the canary down for a few seconds and looks whether each pod's Router stops choosing it. No upstream is called.
 * The key is deleted at the end, also when `end` aborts. Answers one check per pod.
 */
export async function runCanary(
  canary: Canary,
  pods: readonly CanaryPod[],
  parts: CanaryParts,
): Promise<ReadonlyMap<PodAddress, Check>> {
  const prepared = await Promise.all(
    pods.map(async (pod) => [pod.address, await prepare(pod, canary, parts)] as const),
  );
  const checks = new Map(prepared.flatMap(([address, one]) => (one.kind === 'check' ? [[address, one.check]] : [])));
  const observed = prepared.flatMap(([, one]) => (one.kind === 'pod' ? one : []));
  if (observed.length === 0 || parts.end.aborted) return checks;
  const observe = canary.state === 'cooled' ? watchAll : coolAndWait;
  for (const [i, check] of (await observe(observed, canary, parts)).entries()) {
    const pod = observed[i];
    if (pod !== undefined) checks.set(pod.address, check);
  }
  return checks;
}

interface PreparedPod {
  readonly kind: 'pod';
  readonly address: PodAddress;
  readonly question: RouterQuestion;
  /** Answers without the canary that show that it is avoided. */
  readonly needed: number;
}

type Prepared = PreparedPod | { readonly kind: 'check'; readonly check: Check };

/** Looks whether the pod's Router chooses the canary before it is cooled down. */
async function prepare(
  { address, models }: CanaryPod,
  { deployment, state }: Canary,
  { end }: CanaryParts,
): Promise<Prepared> {
  const skip = (why: string): Prepared => ({
    kind: 'check',
    check: skipped('cooldown', `${nameOf(deployment)}: ${why}`),
  });
  const listed = models.find(({ id }) => hasId(deployment, id));
  if (listed === undefined) return skip('the pod has no deployment with this id');
  const question = questionFor(listed, models);
  if (question === undefined) {
    return skip(
      'it cannot be distinguished from others: its model must be another one than that of the rest of its group',
    );
  }
  if (state === 'cooled') {
    if (question.chooses === 'sometimes') {
      return skip('allswell keeps its cooldown, so its absence would prove nothing');
    }
    return { kind: 'pod', address, question, needed: 1 };
  }
  const picks = await pick(address, question, { times: question.chooses === 'always' ? 1 : FIRST_PICKS, end });
  if (picks === undefined) return skip(`${TOKEN_COUNTER} does not answer`);
  const needed = picksNeeded(question.chooses, picks);
  if (needed === undefined) {
    return skip(`the pod chose it ${picks.chosen} of ${picks.asked} times, so its absence would prove nothing`);
  }
  return { kind: 'pod', address, question, needed };
}

/** Cools the canary down, waits until the pods avoid it, and ends the cooldown. */
async function coolAndWait(
  pods: readonly PreparedPod[],
  canary: Canary,
  parts: CanaryParts,
): Promise<readonly Check[]> {
  const { deployment } = canary;
  const { modelId } = deployment;
  try {
    const problem = await cool(canary, parts);
    if (problem !== undefined) return pods.map(() => problem);
    return await Promise.all(pods.map(async (pod) => await waitUntilAvoided(pod, deployment, parts)));
  } finally {
    await parts.store.write({ cooldowns: new Map([[modelId, null]]), lifeMs: LIFE_MS });
  }
}

/** Answers undefined once the key is written. */
async function cool(
  { deployment: { modelId }, guards }: Canary,
  { store, nowSeconds }: CanaryParts,
): Promise<Check | undefined> {
  const atSeconds = await nowSeconds();
  if (atSeconds === undefined) return skipped('cooldown', "allswell's Redis does not answer");
  const cooldown: Cooldown = {
    status: 503,
    reason: 'canary of allswell bridge verify',
    atSeconds,
    seconds: LIFE_MS / 1_000,
  };
  const answer = await store.write({ cooldowns: new Map([[modelId, cooldown]]), lifeMs: LIFE_MS, guards });
  if (answer.kind === 'lost') {
    const todo = 'grant the rights of docs/how-to/stop-litellm-probing.md (A Redis user of its own)';
    return failed('cooldown', `the cooldown cannot be written: ${answer.loss.message}`, todo);
  }
  const outcome: CooldownOutcome | undefined = answer.value.get(modelId);
  if (outcome === 'written') return undefined;
  if (outcome === 'last') return skipped('cooldown', 'the other deployments of its group were cooled down meanwhile');
  return skipped('cooldown', 'LiteLLM itself has cooled the deployment down meanwhile');
}

async function waitUntilAvoided(
  pod: PreparedPod,
  deployment: ConfiguredDeployment,
  { end }: CanaryParts,
): Promise<Check> {
  const from = performance.now();
  const sinceMs = (): number => performance.now() - from;
  let disobeyedAtMs: number | undefined;
  while (sinceMs() < OBEYS_WITHIN_MS && !end.aborted) {
    const askedMs = sinceMs();
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const picks = await pick(pod.address, pod.question, { times: pod.needed, end });
    if (picks === undefined) return skipped('cooldown', `${TOKEN_COUNTER} stopped to answer`);
    if (picks.chosen === 0) {
      const after = (askedMs / 1_000).toFixed(1);
      return passed('cooldown', `the Router left ${nameOf(deployment)} out ${after} s after its cooldown began`);
    }
    // On a slow pod the answer may be from before the Router's next look, or from after the cooldown.
    if (askedMs > LOOKS_WITHIN_MS && sinceMs() < LIFE_MS) disobeyedAtMs = askedMs;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(PAUSE_MS, undefined, { signal: end }).catch(() => {});
  }
  if (disobeyedAtMs === undefined) return skipped('cooldown', 'the pod answers too slowly to tell');
  const after = (disobeyedAtMs / 1_000).toFixed(1);
  return disobeyed(`the Router still chose ${nameOf(deployment)} ${after} s after its cooldown began`);
}

/** Looks whether the pods leave a deployment out for longer than a cooldown of LiteLLM's own would last. */
async function watchAll(
  pods: readonly PreparedPod[],
  { deployment }: Canary,
  parts: CanaryParts,
): Promise<readonly Check[]> {
  return await Promise.all(pods.map(async (pod) => await watch(pod, deployment, parts)));
}

async function watch(
  { address, question }: PreparedPod,
  deployment: ConfiguredDeployment,
  { end, store }: CanaryParts,
): Promise<Check> {
  const name = nameOf(deployment);
  const from = performance.now();
  let quietFrom = from;
  let chosenFrom: number | undefined;
  while (performance.now() - from < LONGEST_WATCH_MS && !end.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const picks = await pick(address, question, { times: 1, end });
    const now = performance.now();
    if (picks === undefined) return skipped('cooldown', `${TOKEN_COUNTER} does not answer`);
    if (picks.chosen > 0) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (!(await isCooled(deployment.modelId, store))) {
        return skipped('cooldown', `allswell has ended the cooldown of ${name} meanwhile`);
      }
      // A cooldown that has just begun is not known to the Router before its next look.
      if (chosenFrom !== undefined && now - chosenFrom > LOOKS_WITHIN_MS) {
        return disobeyed(`the Router chooses ${name}, whose cooldown allswell keeps`);
      }
    }
    chosenFrom = picks.chosen > 0 ? (chosenFrom ?? now) : undefined;
    if (picks.chosen > 0) quietFrom = now;
    if (now - quietFrom > WATCH_MS) {
      return passed(
        'cooldown',
        `the Router left ${name} out for ${WATCH_MS / 1_000} s, while allswell keeps its cooldown`,
      );
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(WATCH_PAUSE_MS, undefined, { signal: end }).catch(() => {});
  }
  return skipped('cooldown', `the Router chooses ${name} at times, although allswell keeps its cooldown`);
}

async function isCooled(modelId: string, store: CooldownStore): Promise<boolean> {
  const answer = await store.read([modelId]);
  return answer.kind === 'ok' && answer.value.get(modelId)?.by === 'allswell';
}

function disobeyed(says: string): Check {
  return failed(
    'cooldown',
    says,
    "give the Router of the pod the bridge's Redis, in cache_params or router_settings.redis_*, with the same db and namespace; " +
      'router_settings.disable_cooldowns must not be true; compare the clocks of pod and Redis',
  );
}

interface PickOptions {
  readonly times: number;
  readonly end: AbortSignal;
}

/** Asks equal questions one after the other. Undefined if one has no answer. */
async function pick(
  address: PodAddress,
  { model, chosen }: RouterQuestion,
  { times, end }: PickOptions,
): Promise<Picks | undefined> {
  const picks = { asked: 0, chosen: 0 };
  while (picks.asked < times) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they must not load the pod
    const answer = await askLitellm(address, TOKEN_COUNTER, { body: { model, prompt: 'x' }, end });
    const name = answer.kind === 'answered' ? readChosen(answer.body) : undefined;
    if (name === undefined) return undefined;
    picks.asked += 1;
    if (name === chosen) picks.chosen += 1;
  }
  return picks;
}
