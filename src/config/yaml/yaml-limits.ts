import { CST } from 'yaml';

/** Limits of one YAML text. */
export interface YamlLimits {
  /** Of the text in UTF-8. */
  readonly bytes: number;
  /** Keys, items and scalars, after aliases are expanded. */
  readonly values: number;
  /** Nesting of mappings and lists. */
  readonly depth: number;
  /** Aliases, after aliases are expanded. */
  readonly aliases: number;
}

/** Ten thousand deployments need about a third of each. */
export const yamlLimits: YamlLimits = {
  bytes: 8 * 1024 * 1024,
  values: 500_000,
  depth: 64,
  aliases: 50_000,
};

/** The first place where a text exceeds a limit. */
export interface Excess {
  readonly offset: number;
  readonly message: string;
}

/** Counts before the text is composed, without recursion, because it may be nested very deeply. */
export function excessIn(tokens: Iterable<CST.Token>): Excess | undefined {
  let values = 0;
  const open = Array.from(tokens, (token) => ({ token, depth: 0 })).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const inside = innerTokens(token);
    if (token.type !== 'document') values += 1;
    if (values > yamlLimits.values) {
      return { offset: offsetOf(token), message: `more than ${yamlLimits.values} values` };
    }
    if (depth > yamlLimits.depth + 1) {
      return { offset: offsetOf(token), message: `nested deeper than ${yamlLimits.depth} levels` };
    }
    for (const one of inside.toReversed()) open.push({ token: one, depth: depth + 1 });
  }
  return undefined;
}

function innerTokens(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}

function offsetOf(token: CST.Token): number {
  return 'offset' in token ? token.offset : 0;
}
