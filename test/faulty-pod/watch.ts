import { connectTo, rowsOf, startSampler } from '../fleet/harness/index.ts';
import { cooldownKey, FAILING, trueState } from './stage.ts';
import type { Stage } from './stage.ts';

/** A verdict of another pod that was not the true one. */
export interface WrongVerdict {
  readonly pod: string;
  readonly model: string;
  readonly state: string;
}

/** What the other pods and LiteLLM's keys showed while one pod had a fault. */
export interface Seen {
  /** Answers of `/health` that were read. */
  readonly answers: number;
  /** Each once. */
  readonly wrongVerdicts: readonly WrongVerdict[];
  /** Keys of models that answer. */
  readonly wrongCooldowns: readonly string[];
  /** Longest time for which the model that fails had no cooldown, ms. */
  readonly notCooledMs: number;
}

/** Reads what the other pods show and log, and each change of a cooldown key, until it is stopped. */
export interface Watch {
  stop(): Promise<Seen>;
}

const CHANNEL = '__keyspace@0__:';

export async function watch(stage: Stage): Promise<Watch> {
  const wrongVerdicts = new Map<string, WrongVerdict>();
  let answers = 0;
  const note = (verdict: WrongVerdict): void => {
    if (verdict.state !== trueState(verdict.model)) wrongVerdicts.set(JSON.stringify(verdict), verdict);
  };
  const keys = await watchKeys(stage);
  const logged = stage.healthy.map((pod) => ({ pod, from: pod.log().length }));
  const sampler = startSampler({
    pods: stage.healthy,
    everyMs: 50,
    look: ({ pod, body }) => {
      answers += 1;
      for (const { model_id: model, state } of rowsOf(body)) note({ pod: pod.name, model, state });
    },
  });
  return {
    stop: async () => {
      await sampler.stop();
      // A change between two answers is in the log.
      for (const { pod, from } of logged) {
        for (const [, model = '', state = ''] of pod.log().slice(from).matchAll(CHANGED)) {
          note({ pod: pod.name, model, state });
        }
      }
      return { answers, wrongVerdicts: [...wrongVerdicts.values()], ...keys.stop() };
    },
  };
}

const CHANGED = /Verdict changed: openai\/(\S+) is (\w+) /g;

interface KeyWatch {
  stop(): Pick<Seen, 'wrongCooldowns' | 'notCooledMs'>;
}

/** Redis reports each change of a key: a cooldown of a millisecond is seen, too. */
async function watchKeys({ fleet: { redis: server } }: Stage): Promise<KeyWatch> {
  const wrongCooldowns = new Set<string>();
  let notCooledMs = 0;
  let goneAt: number | undefined;
  const ended = (): void => {
    if (goneAt !== undefined) notCooledMs = Math.max(notCooledMs, performance.now() - goneAt);
    goneAt = undefined;
  };
  const redis = connectTo(server);
  redis.on('pmessage', (_pattern: string, channel: string, event: string) => {
    const key = channel.slice(CHANNEL.length);
    if (key !== cooldownKey(FAILING)) wrongCooldowns.add(key);
    else if (event === 'set') ended();
    else if (event === 'del' || event === 'expired') goneAt ??= performance.now();
  });
  await redis.psubscribe(`${CHANNEL}${cooldownKey('*')}`);
  return {
    stop: () => {
      redis.disconnect();
      ended();
      return { wrongCooldowns: [...wrongCooldowns].toSorted(), notCooledMs: Math.round(notCooledMs) };
    },
  };
}
