import type { FleetPage } from '../ask/index.ts';
import { targetTexts } from '../show/target-name.ts';

/** A target, its name in sentences, and the word for it in commands. */
export type NamedTarget = FleetPage['targets'][number] & { readonly name: string; readonly word: string };

/** A page whose targets have names. */
export interface NamedPage extends Omit<FleetPage, 'targets'> {
  readonly targets: readonly NamedTarget[];
}

/** Names the targets of a page: two that look alike get the host of their upstream and the region. */
export function namedPage(page: FleetPage): NamedPage {
  const texts = targetTexts(page.targets);
  const targets = page.targets.map((one) => ({ ...one, name: texts.nameOf(one), word: texts.wordFor(one.target) }));
  return { ...page, targets };
}

/** Name of the target with this id; the model or the id if the pod does not have it. */
export function nameOfId({ targets }: NamedPage, target: string, model: string | null): string {
  return targets.find((one) => one.target === target)?.name ?? model ?? target;
}
