import { CST } from 'yaml';

/** What one YAML text may have. */
export interface YamlLimits {
  /** Of the text in UTF-8. */
  readonly bytes: number;
  /** Keys, items and single values, counted once more wherever an alias stands for them. */
  readonly values: number;
  /** Mappings and lists within each other. */
  readonly depth: number;
  /** Aliases, counted once more wherever another alias stands for them. */
  readonly aliases: number;
}

/** Ten thousand deployments need about a third of each. */
export const yamlLimits: YamlLimits = {
  bytes: 8 * 1024 * 1024,
  values: 500_000,
  depth: 64,
  aliases: 50_000,
};

/** The first place of a text that is beyond a limit. */
export interface Excess {
  readonly offset: number;
  readonly message: string;
}

/** Counts what is written before anything is made of it, with a stack of its own: the text may be nested without end. */
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
