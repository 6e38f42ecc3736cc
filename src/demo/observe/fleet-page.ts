import type { Facts, State } from '../../health/index.ts';

/** The parts of a pod's `/fleet` that the demo shows. */
export interface FleetPage {
  readonly pod: string;
  readonly mode: string;
  readonly impaired: boolean;
  readonly probing_paused: object | null;
  readonly store: { readonly available: boolean; readonly problem: string | null };
  readonly targets: readonly TargetPage[];
  readonly money: MoneyPage;
}

export interface MoneyPage {
  readonly as_of: string | null;
  readonly days: readonly {
    readonly spent_usd: number | null;
    readonly saved_usd: { readonly by_sharing: number; readonly by_alias: number; readonly by_cache: number } | null;
  }[];
}

export interface TargetPage {
  readonly target: string;
  readonly state: State;
  readonly stale: boolean;
  readonly why: string;
  readonly local_only: boolean;
  readonly since: string | null;
  readonly checked_at: string | null;
  readonly age_seconds: number | null;
  readonly lease: { readonly pod: string } | null;
  readonly hold: { readonly kind: string } | null;
  readonly record: Pick<Facts, 'lastProbe'> | null;
}

const ANSWER_LIMIT_MS = 1_000;

/** Asks a pod what it knows; undefined where it does not answer, which is an answer, too. */
export async function readFleetPage(url: string, masterKey: string): Promise<FleetPage | undefined> {
  try {
    const response = await fetch(`${url}/fleet`, {
      headers: { authorization: `Bearer ${masterKey}` },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return response.ok ? ((await response.json()) as FleetPage) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The best informed view of one target. While pods share, all know the same evidence, and what most of them make of it
 * is the fleet's word: a pod that failed alone is wary by itself. Without a store each knows what it probed itself, and
 * the newest evidence counts.
 */
export function newestView(pages: readonly FleetPage[], target: string): TargetPage | undefined {
  const views = pages.flatMap((page) => page.targets.filter((one) => one.target === target));
  const newestMs = Math.max(...views.map(evidenceMs));
  const newest = views.filter((view) => evidenceMs(view) === newestMs);
  const votes = (view: TargetPage): number => newest.filter(({ state }) => state === view.state).length;
  return newest.toSorted((a, b) => votes(b) - votes(a))[0];
}

export function evidenceMs({ checked_at: at }: TargetPage): number {
  return at === null ? 0 : Date.parse(at);
}
