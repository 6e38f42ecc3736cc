/** What the part of the address after `#` selects. */
export type Page =
  | { readonly kind: 'fleet' | 'pods' | 'money' | 'events' }
  | { readonly kind: 'target'; readonly id: string };

/**
 * The page of a hash; the fleet for any other.
 *
 * @example
 * pageOf('#/pods').kind // 'pods'
 */
export function pageOf(hash: string): Page {
  const [, name = '', id = ''] = /^#\/([a-z]+)(?:\/([0-9a-f]+))?$/.exec(hash) ?? [];
  if (name === 'targets' && id !== '') return { kind: 'target', id };
  return name === 'pods' || name === 'money' || name === 'events' ? { kind: name } : { kind: 'fleet' };
}
