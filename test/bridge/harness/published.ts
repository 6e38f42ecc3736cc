import type { Stand } from './stand.ts';
import type { LitellmRow } from './litellm-pod.ts';

/** What lies under LiteLLM's key, whoever wrote it. */
export interface Published {
  readonly healthy_endpoints: readonly LitellmRow[];
  readonly unhealthy_endpoints: readonly LitellmRow[];
  readonly timestamp: number;
  readonly checked_by: string;
}

export const RESULTS = 'health_check_results';

/** Undefined where nothing readable lies. */
export async function published(
  { store }: Pick<Stand, 'store'>,
  key: string = RESULTS,
): Promise<Published | undefined> {
  // Not by GET: that is how LiteLLM reads, and reads are counted.
  const text = await store.getrange(key, 0, -1);
  try {
    const once: unknown = JSON.parse(text);
    const document: unknown = typeof once === 'string' ? JSON.parse(once) : once;
    return isPublished(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isPublished(document: unknown): document is Published {
  return typeof document === 'object' && document !== null && 'checked_by' in document;
}
