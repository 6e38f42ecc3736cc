/** What an API accepts as the name of a tool: characters of `[a-zA-Z0-9_-]`, and at most so many. */
export interface NameRule {
  readonly longest: number;
}

export const anthropicNames: NameRule = { longest: 128 };
export const openAiNames: NameRule = { longest: 64 };

/** Names as the upstream gets them, and back. */
export interface ToolNames {
  /** The name to send; a name that needs no change is itself. */
  sent(original: string): string;
  /** The client's name for one that the upstream used. */
  original(sent: string): string;
}

/**
 * Renames tools that the upstream would refuse, without making two equal. The same names in the same order get the same
 * result, so the prompt cache of the upstream stays valid.
 */
export function renameTools(names: Iterable<string>, rule: NameRule): ToolNames {
  const all = [...new Set(names)];
  const taken = new Set(all.filter((name) => isAccepted(name, rule)));
  const forward = new Map<string, string>();
  const backward = new Map<string, string>();
  for (const name of all) {
    if (isAccepted(name, rule)) continue;
    const renamed = freeName(name, rule, taken);
    taken.add(renamed);
    forward.set(name, renamed);
    backward.set(renamed, name);
  }
  return { sent: (name) => forward.get(name) ?? name, original: (name) => backward.get(name) ?? name };
}

function isAccepted(name: string, { longest }: NameRule): boolean {
  return name.length <= longest && /^[a-zA-Z0-9_-]+$/.test(name);
}

function freeName(name: string, { longest }: NameRule, taken: ReadonlySet<string>): string {
  const base = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || 'tool';
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `_${number}`;
    const candidate = `${base.slice(0, longest - suffix.length)}${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Anthropic's ids of tool calls have fewer characters than those of some other servers. */
export function toolUseId(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
}
