import { isAlias, isCollection, isPair, isScalar, type Alias, type Scalar } from 'yaml';

/** Result of one pass over a document. */
export interface Survey {
  /** The node of each alias: the last one above it that has its anchor. */
  readonly anchorOf: ReadonlyMap<Alias, unknown>;
  /** Keys that their mapping already has. */
  readonly repeatedKeys: readonly Scalar[];
}

/** Visits a document once, in the order of the text. The library would visit it once per alias and per key. */
export function surveyOf(contents: unknown): Survey {
  const anchors = new Map<string, unknown>();
  const anchorOf = new Map<Alias, unknown>();
  const repeatedKeys: Scalar[] = [];
  const visit = (node: unknown): void => {
    if (isAlias(node)) {
      anchorOf.set(node, anchors.get(node.source));
      return;
    }
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isCollection(node)) return;
    const keys = new Set<unknown>();
    for (const item of node.items) {
      if (!isPair(item)) visit(item);
      else {
        if (isScalar(item.key)) {
          if (keys.has(item.key.value)) repeatedKeys.push(item.key);
          keys.add(item.key.value);
        }
        visit(item.key);
        visit(item.value);
      }
    }
  };
  visit(contents);
  return { anchorOf, repeatedKeys };
}
