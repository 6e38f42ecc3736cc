import { askPod, explainForm } from '../ask/index.ts';
import type { ExplainPage, PodAddress } from '../ask/index.ts';

export type Explanations =
  | { readonly kind: 'found'; readonly pages: readonly ExplainPage[] }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Asks a pod about whatever a word means: one target, or all that share a name. */
export async function readExplanations(address: PodAddress, word: string): Promise<Explanations> {
  const answer = await askPod<ExplainPage>(address, pathOf(word), { form: explainForm });
  if (answer.kind === 'answered') return { kind: 'found', pages: [answer.body] };
  if (answer.kind === 'unreachable') return answer;
  const { status, detail, why } = answer;
  if (status === 404) return { kind: 'none', why: `Unknown target: ${word}; allswell status lists the targets` };
  const ids = status === 409 ? idsIn(detail) : [];
  if (ids.length === 0) return { kind: 'unreachable', why };
  const all = await Promise.all(
    ids.map(async (id) => await askPod<ExplainPage>(address, pathOf(id), { form: explainForm })),
  );
  const lost = all.find((one) => one.kind !== 'answered');
  if (lost !== undefined) return { kind: 'unreachable', why: lost.why };
  return { kind: 'found', pages: all.flatMap((one) => (one.kind === 'answered' ? one.body : [])) };
}

function pathOf(word: string): string {
  return `/fleet/targets/${encodeURIComponent(word)}`;
}

function idsIn(body: unknown): readonly string[] {
  const { detail } = (body ?? {}) as { detail?: { targets?: unknown } };
  return Array.isArray(detail?.targets) ? detail.targets.filter((id) => typeof id === 'string') : [];
}
