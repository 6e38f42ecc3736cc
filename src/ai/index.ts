import type { AnyLanguageModel, FleetMember } from '../library/index.ts';

export type { AnyLanguageModel } from '../library/index.ts';

/** Models by the names of their groups: one for each upstream of the group, in the same order. */
export type GroupModels<G extends string, M extends AnyLanguageModel> = Readonly<Record<G, readonly M[]>>;

/** What the AI SDK asks of a provider of language models. */
export interface FleetProvider<G extends string, M extends AnyLanguageModel> {
  (group: G): M;
  /** The model of a group. */
  languageModel(group: G): M;
}

/**
 * A provider for the AI SDK (5 and later) whose models are the groups of a fleet.
 *
 * @throws TypeError unless each group has one model for each of its upstreams
 *
 * @example
 * const model = { specificationVersion: 'v2', provider: 'p', modelId: 'm', doGenerate: async () => ({}), doStream: async () => ({}) };
 * const fleet = { model: (_group: string, [first]: any) => first } as unknown as FleetMember<'chat'>;
 * fleetProvider(fleet, { chat: [model] })('chat').modelId // 'm'
 */
export function fleetProvider<G extends string, M extends AnyLanguageModel>(
  fleet: Pick<FleetMember<G>, 'model'>,
  models: GroupModels<G, M>,
): FleetProvider<G, M> {
  const made = new Map(
    Object.entries<readonly M[]>(models).map(([group, list]) => [group, fleet.model(group as G, list)]),
  );
  const languageModel = (group: G): M => {
    const found = made.get(group);
    if (found === undefined) throw new TypeError(`there is no group "${group}"`);
    return found;
  };
  return Object.assign((group: G) => languageModel(group), { languageModel });
}

/** The part of the AI SDK's middleware that {@link fleetMiddleware} has, in all versions from 5 on. */
export interface FleetMiddleware {
  wrapGenerate<R>(call: { readonly doGenerate: () => PromiseLike<R> }): Promise<R>;
  wrapStream<R>(call: { readonly doStream: () => PromiseLike<R> }): Promise<R>;
}

/**
 * Middleware that reports the calls of one model to the fleet and changes nothing, for `wrapLanguageModel`. A stream counts as a
 * success once it starts. `deployment.id` is the name of an upstream of the group, such as `openai/gpt-4o`.
 *
 * @example
 * const seen: boolean[] = [];
 * const fleet = { report: (_: unknown, outcome: { ok: boolean }) => void seen.push(outcome.ok) } as unknown as FleetMember;
 * await fleetMiddleware(fleet, { group: 'chat', id: 'openai/chat' }).wrapGenerate({ doGenerate: async () => 'text' });
 * seen // [true]
 */
export function fleetMiddleware(
  fleet: Pick<FleetMember, 'report'>,
  deployment: { readonly group: string; readonly id: string },
): FleetMiddleware {
  const watched = async <R>(make: () => PromiseLike<R>): Promise<R> => {
    const startedMs = performance.now();
    const took = (): { durationMs: number } => ({ durationMs: performance.now() - startedMs });
    try {
      const result = await make();
      fleet.report(deployment, { ok: true, ...took() });
      return result;
    } catch (error) {
      const status = statusOf(error);
      if (!isOfCaller(error)) {
        fleet.report(deployment, { ok: false, ...(status !== undefined && { status }), ...took() });
      }
      throw error;
    }
  };
  return {
    wrapGenerate: async ({ doGenerate }) => await watched(doGenerate),
    wrapStream: async ({ doStream }) => await watched(doStream),
  };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** A caller that gave up, and errors of the SDK that no upstream answered. */
function isOfCaller(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'AbortError' ||
    error.name === 'TimeoutError' ||
    (error.name.startsWith('AI_') && error.name !== 'AI_APICallError')
  );
}
