import type { FallbackLists } from '../../ports/index.ts';
import { child, type Node, settingsOf } from '../yaml/index.ts';
import { flag } from '../schema/index.ts';
import type { LitellmRouting } from '../types.ts';

/** LiteLLM's `ROUTER_MAX_FALLBACKS`. */
const MAX_FALLBACKS = 5;

/** Reads `router_settings` and `litellm_settings` as LiteLLM does: values of another shape have no effect there, either. */
export function readLitellmRouting(root: Node): LitellmRouting {
  const [router, litellm] = [child(root, 'router_settings'), child(root, 'litellm_settings')];
  const first = (key: string): unknown => valueIn(router, key) ?? valueIn(litellm, key);
  const fallbacks = { ...fallbackLists(root, 'fallbacks') };
  const general = namesOf(first('default_fallbacks'));
  if (general.length > 0) fallbacks['*'] = general;
  return {
    fallbacks,
    aliases: aliasesOf(first('model_group_alias')),
    tagFiltering: isOn(router, 'enable_tag_filtering'),
    matchAllTags: !(valueIn(router, 'tag_filtering_match_any') ?? true),
    maxFallbacks: countOf(first('max_fallbacks')),
  };
}

/** Groups after each group, of `router_settings`, else of `litellm_settings`. */
export function fallbackLists(root: Node, key: string): FallbackLists {
  return chainsOf(listIn(child(root, 'router_settings'), key) ?? listIn(child(root, 'litellm_settings'), key) ?? []);
}

/** Aliases with `hidden: true`. */
export function hiddenAliases(root: Node): readonly string[] {
  const first = (block: string): unknown => valueIn(child(root, block), 'model_group_alias');
  const written = Object.entries(mapping(first('router_settings') ?? first('litellm_settings')));
  return written.flatMap(([alias, to]) => (flag.safeParse(mapping(to)['hidden']).data === true ? [alias] : []));
}

/** LiteLLM takes `1.5` and `"1"` for 1, and its default for what is not a number. */
function countOf(value: unknown): number {
  const isCount = ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value.trim() !== '');
  const count = isCount ? Number(value) : Number.NaN;
  return Number.isFinite(count) ? Math.max(0, Math.trunc(count)) : MAX_FALLBACKS;
}

function valueIn(block: Node | undefined, key: string): unknown {
  const node = child(block, key);
  return node === undefined ? undefined : settingsOf(node);
}

/** An empty list counts as absent, as in Python. */
function listIn(block: Node | undefined, key: string): readonly unknown[] | undefined {
  const value = valueIn(block, key);
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function isOn(block: Node | undefined, key: string): boolean {
  return flag.safeParse(valueIn(block, key)).data === true;
}

/** Of several entries for one group the first counts, of several for all groups the last. A name without a group is a fallback of all groups. */
function chainsOf(entries: readonly unknown[]): Record<string, readonly string[]> {
  const chains: Record<string, readonly string[]> = {};
  for (const entry of entries) {
    if (typeof entry === 'string') chains['*'] = [...(chains['*'] ?? []), entry];
    else {
      for (const [group, names] of Object.entries(mapping(entry))) {
        if (group === '*' || chains[group] === undefined) chains[group] = namesOf(names);
      }
    }
  }
  return chains;
}

/** `a`, `[a, b]` or `[{model: a}]`. */
function namesOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => (typeof item === 'string' ? item : textOf(mapping(item)['model'])));
}

/** `alias: group`, or `alias: {model: group}`. */
function aliasesOf(value: unknown): Record<string, string> {
  const pairs = Object.entries(mapping(value)).map(([alias, to]) => [alias, namesOf(to)[0]] as const);
  return Object.fromEntries(pairs.flatMap(([alias, to]) => (to === undefined ? [] : [[alias, to]])));
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
