import type { Failure, StoreTime } from '../health/index.ts';
import type { UnprobedEvidence, UnprobedReader } from '../ports/index.ts';

/** An unprobed deployment by LiteLLM's ids; null if its id cannot be known. */
export interface UnprobedIds {
  readonly modelId: string | null;
  readonly formerModelId?: string;
}

/** Keeps the newest evidence from LiteLLM about each deployment that is not probed. Methods ignore all other ids. */
export interface UnprobedTraffic extends UnprobedReader {
  /** Knows these deployments from now on, and no others. */
  know(deployments: readonly UnprobedIds[]): void;
  has(modelId: string): boolean;
  succeeded(modelId: string, endedAt: StoreTime): void;
  failed(modelId: string, at: StoreTime, failure: Failure): void;
  cooledDown(
    modelId: string,
    cooldown: { readonly at: StoreTime; readonly until: StoreTime; readonly failure: Failure },
  ): void;
}

const nothingYet: UnprobedEvidence = { lastSuccessAt: null, lastFailure: null, cooldownUntil: null };

/** Begins without any deployment. */
export function createUnprobedTraffic(): UnprobedTraffic {
  let ids: ReadonlyMap<string, string> = new Map();
  const found = new Map<string, UnprobedEvidence>();

  const change = (modelId: string, next: (before: UnprobedEvidence) => UnprobedEvidence): void => {
    const id = ids.get(modelId);
    if (id !== undefined) found.set(id, next(found.get(id) ?? nothingYet));
  };
  const failed = (modelId: string, at: StoreTime, { class: failureClass, status }: Failure): void => {
    const lastFailure = { at, class: failureClass, ...(status !== undefined && { status }) };
    change(modelId, (before) => ((before.lastFailure?.at ?? 0) > at ? before : { ...before, lastFailure }));
  };

  return {
    know: (deployments) => {
      ids = new Map(
        deployments.flatMap(({ modelId, formerModelId }) => {
          if (modelId === null) return [];
          return [modelId, formerModelId ?? modelId].map((id) => [id, modelId] as const);
        }),
      );
      const known = new Set(ids.values());
      for (const id of found.keys()) if (!known.has(id)) found.delete(id);
    },
    has: (modelId) => ids.has(modelId),
    succeeded: (modelId, endedAt) => {
      change(modelId, (before) => ({ ...before, lastSuccessAt: Math.max(before.lastSuccessAt ?? 0, endedAt) }));
    },
    failed,
    cooledDown: (modelId, { at, until, failure }) => {
      failed(modelId, at, failure);
      // The newest, not the longest: LiteLLM ended or replaced the one before.
      change(modelId, (before) => ({ ...before, cooldownUntil: until }));
    },
    evidence: (modelId) => found.get(modelId),
  };
}
