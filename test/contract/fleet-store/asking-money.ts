import type {
  Budget,
  ClaimAnswer,
  ClaimRequest,
  CommitAnswer,
  FleetMoney,
  PaidProbe,
  ProbeTotals,
} from '../../../src/ports/index.ts';
import { claimInput, commitRequest, FOREVER, ok, request, type Bench } from './under-test.ts';

/** The fleet's budget, and the worst price of the probe. */
export interface Asking {
  readonly budget?: Budget;
  readonly worstNanoUsd?: number;
  readonly pod?: string;
}

/** A claim of a paid probe. */
export async function paid(bench: Bench, over: Partial<ClaimRequest>, asking: Asking = {}): Promise<ClaimAnswer> {
  const price: PaidProbe = { worstNanoUsd: asking.worstNanoUsd ?? 5 };
  return await asked(bench, { paid: price, ...over }, asking.budget, asking.pod);
}

export async function asked(
  bench: Bench,
  over: Partial<ClaimRequest>,
  budget?: Budget,
  pod = 'a',
): Promise<ClaimAnswer> {
  const input = claimInput([request(over)], { pod, ...(budget && { budget }) });
  return ok(await bench.a.claim(input))[0]!;
}

export function grantIn(answer: ClaimAnswer): number {
  if (answer.kind !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(answer)}`);
  return answer.grant;
}

export async function committed(
  { a }: Bench,
  grant: number,
  cost: { nanoUsd: number; totals: ProbeTotals },
): Promise<readonly CommitAnswer[]> {
  const commits = [commitRequest({ grant, cost })];
  return ok(await a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
}

export async function money({ b }: Bench, targets: readonly string[]): Promise<FleetMoney> {
  return ok(await b.readMoney(targets));
}
