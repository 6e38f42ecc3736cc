import { signal } from '@preact/signals';
import { pageOf } from '../model/pages.ts';

/** The page that the address selects. */
export const page = signal(pageOf(globalThis.location.hash));

/** Follows the address, once. */
export function followAddress(): void {
  globalThis.addEventListener('hashchange', () => void (page.value = pageOf(globalThis.location.hash)));
}
