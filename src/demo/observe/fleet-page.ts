import type { FleetBody, FleetTargetBody } from '../../api/index.ts';

const ANSWER_LIMIT_MS = 1_000;

/** Reads a pod's `/fleet`; undefined if it does not answer. */
export async function readFleetPage(url: string, masterKey: string): Promise<FleetBody | undefined> {
  try {
    const response = await fetch(`${url}/fleet`, {
      headers: { authorization: `Bearer ${masterKey}` },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return response.ok ? ((await response.json()) as FleetBody) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The best informed view of one target. Pods that share have the same evidence, so the view of most pods is the
 * fleet's: a pod that fails alone differs. Without a store each pod has its own evidence, and the newest counts.
 */
export function newestView(pages: readonly Pick<FleetBody, 'targets'>[], target: string): FleetTargetBody | undefined {
  const views = pages.flatMap((page) => page.targets.filter((one) => one.target === target));
  const newestMs = Math.max(...views.map(evidenceMs));
  const newest = views.filter((view) => evidenceMs(view) === newestMs);
  const votes = (view: FleetTargetBody): number => newest.filter(({ state }) => state === view.state).length;
  return newest.toSorted((a, b) => votes(b) - votes(a))[0];
}

export function evidenceMs({ checked_at: at }: FleetTargetBody): number {
  return at === null ? 0 : Date.parse(at);
}
