import { effect, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ExplainBody, HistoryBody, PastCheck } from '../../src/api/index.ts';
import { setServerTime } from './clock.ts';
import { fleet, lostAt } from './fleet.ts';
import { ask } from './session.ts';

/** What the page of one target shows. */
export interface Explained {
  readonly body: Signal<ExplainBody | null>;
  readonly problem: Signal<string | null>;
  /** Stored probe results, the oldest first; null before the first answer. */
  readonly history: Signal<readonly PastCheck[] | null>;
  readonly historyProblem: Signal<string | null>;
  readAgain(): void;
  close(): void;
}

const REFRESH_MS = 5_000;
const HISTORY_ROWS = 1_000;

/** Reads a target's explanation and history: at once, every few seconds, and whenever the target changes. */
export function openExplained(id: string): Explained {
  const body = signal<ExplainBody | null>(null);
  const problem = signal<string | null>(null);
  const history = signal<readonly PastCheck[] | null>(null);
  const historyProblem = signal<string | null>(null);
  let isOpen = true;

  const readHistory = async (): Promise<void> => {
    const deployment = body.peek()?.deployments[0];
    if (deployment === undefined) return;
    const query = new URLSearchParams({ model: deployment.model_name, limit: String(HISTORY_ROWS) });
    try {
      const { health_checks: rows } = await ask<HistoryBody>(`/health/history?${query}`);
      // One row per deployment and probe: those of one deployment are all probes of the target.
      history.value = rows.filter((row) => row.model_id === deployment.model_id).toReversed();
      historyProblem.value = null;
    } catch (error) {
      historyProblem.value = error instanceof Error ? error.message : String(error);
    }
  };
  const read = async (): Promise<void> => {
    try {
      const next = await ask<ExplainBody>(`/fleet/targets/${id}`);
      if (!isOpen) return;
      setServerTime(next.now);
      body.value = next;
      problem.value = null;
      await readHistory();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };

  let last: unknown;
  const unfollow = effect(() => {
    const target = fleet.value?.targets.find((one) => one.target === id);
    const sign = lostAt.value === null ? (target ?? null) : last;
    if (sign === last) return;
    last = sign;
    void read();
  });
  const timer = setInterval(() => {
    if (lostAt.peek() === null && document.visibilityState === 'visible') void read();
  }, REFRESH_MS);
  return {
    body,
    problem,
    history,
    historyProblem,
    readAgain: () => void read(),
    close: () => {
      isOpen = false;
      unfollow();
      clearInterval(timer);
    },
  };
}
