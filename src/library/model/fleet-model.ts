import type { AnswerEnd } from '../answer-end.ts';
import { fleetCall } from '../call.ts';
import type { CallOptions, CallTarget } from '../call.ts';
import { groupOf } from '../core.ts';
import type { LibraryCore } from '../core.ts';
import type { ReportedOutcome } from '../reported.ts';
import { begunStream } from './begun-stream.ts';
import type { BegunStream, StreamResult } from './begun-stream.ts';

/** What all versions of the AI SDK's `LanguageModel` have in common, from 5 on. */
export interface AnyLanguageModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  // oxlint-disable-next-line no-explicit-any -- each version has other options and results, which pass untouched
  doGenerate(options: any): PromiseLike<any>;
  // oxlint-disable-next-line no-explicit-any -- as above
  doStream(options: any): PromiseLike<any>;
}

interface CallSettings {
  readonly abortSignal?: AbortSignal;
}

/**
 * A model that makes each call by one of several models. The result has the type and the version of the first one.
 *
 * @throws TypeError unless there is one model for each upstream of the group
 */
export function fleetModel<M extends AnyLanguageModel>(core: LibraryCore, group: string, models: readonly M[]): M {
  const members = groupOf(core, group);
  const [first] = models;
  if (first === undefined || models.length !== members.length) {
    throw new TypeError(`group "${group}" has ${members.length} upstreams and was given ${models.length} models`);
  }
  const versions = new Set(models.map(({ specificationVersion }) => specificationVersion));
  if (versions.size > 1) throw new TypeError(`the models of "${group}" are of different versions of the AI SDK`);
  const modelOf = ({ group: used, id }: CallTarget): M => {
    const at = members.findIndex((one) => one.group === used && one.id === id);
    return models[at] as M;
  };
  const call = async <T>(
    options: CallSettings,
    make: (model: M, given: CallSettings) => Promise<T>,
    watch?: (value: T, onEnd: (end: AnswerEnd) => void) => void,
  ): Promise<T> => {
    const made = async (target: CallTarget): Promise<T> =>
      await make(modelOf(target), { ...options, abortSignal: target.signal });
    // The models are those of this group's upstreams.
    const inner = { ...callOptions(options), fallbacks: 'none', ...(watch !== undefined && { watch }) } as const;
    return await fleetCall(core, group, made, inner);
  };
  const own: Pick<AnyLanguageModel, 'doGenerate' | 'doStream'> = {
    doGenerate: async (options: CallSettings): Promise<unknown> =>
      await call(options, async (model, given) => (await model.doGenerate(given)) as unknown),
    doStream: async (options: CallSettings): Promise<unknown> => {
      const begin = async (model: M, given: CallSettings): Promise<BegunStream> =>
        await begunStream((await model.doStream(given)) as StreamResult);
      return (await call(options, begin, (begun, onEnd) => begun.watch(onEnd))).result;
    },
  };
  // The first model answers for everything else: its id, its provider, the URLs that it can read.
  return new Proxy(first, {
    get: (model, name) => (name === 'doGenerate' || name === 'doStream' ? own[name] : Reflect.get(model, name, model)),
  });
}

function callOptions({ abortSignal }: CallSettings): CallOptions {
  return { ...(abortSignal !== undefined && { signal: abortSignal }), classify };
}

/** The SDK's errors of an API have a status, headers and a text; errors of its own are faults of the caller. */
function classify(error: unknown): ReportedOutcome | 'neutral' | undefined {
  if (typeof error !== 'object' || error === null || !('name' in error)) return undefined;
  const { name } = error;
  if (name !== 'AI_APICallError') return typeof name === 'string' && name.startsWith('AI_') ? 'neutral' : undefined;
  const { statusCode, responseHeaders } = error as { statusCode?: number; responseHeaders?: Record<string, string> };
  const seconds = Number(responseHeaders?.['retry-after']);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {};
  return statusCode === undefined ? { ok: false, class: 'network' } : { ok: false, status: statusCode, ...wait };
}
