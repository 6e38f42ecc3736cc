import { signal } from '@preact/signals';
import { FleetClientError } from '../../src/client/follow/index.ts';
import { fleet, follow, forget } from './fleet.ts';
import { request, RequestError } from './pod-requests.ts';

/** Whether this page may read the fleet. `opening`: the pod was asked and has not answered. */
export type Session =
  | { readonly kind: 'opening' }
  | { readonly kind: 'signed-out'; readonly problem: string | null }
  | { readonly kind: 'signed-in' };

export const session = signal<Session>({ kind: 'opening' });

// In memory alone: neither a reload of the page nor another tab finds it.
let key: string | undefined;

/** True if a key was entered: a pod without a master key, or behind a proxy that adds one, needs none. */
export const hasKey = signal(false);

/** Tries a key, or none. */
export async function signIn(given: string | undefined): Promise<void> {
  session.value = { kind: 'opening' };
  key = given;
  hasKey.value = given !== undefined;
  try {
    await follow(given, refused);
    // A refusal closes the connection and has set the session.
    if (session.peek().kind === 'opening') session.value = { kind: 'signed-in' };
  } catch (error) {
    // A refusal was met already, and has said why.
    if (session.peek().kind !== 'opening') return;
    // The fleet was read, and the connection goes on trying.
    if (fleet.peek() !== null) session.value = { kind: 'signed-in' };
    else refused(error);
  }
}

/** Forgets the key and everything that was read with it. */
export function signOut(problem: string | null = null): void {
  key = undefined;
  hasKey.value = false;
  forget();
  session.value = { kind: 'signed-out', problem };
}

/** Sends a request with the key; a refusal of the key ends the session. */
export async function ask<Body>(path: string, init?: RequestInit): Promise<Body> {
  try {
    return await request<Body>(path, key, init);
  } catch (error) {
    if (error instanceof RequestError && (error.status === 401 || error.status === 403)) {
      signOut(refusals[error.status === 401 ? 'wrong-key' : 'forbidden']);
    }
    throw error;
  }
}

function refused(error: unknown): void {
  const code = error instanceof FleetClientError ? error.code : undefined;
  if (code === 'wrong-key' || code === 'forbidden') {
    // The first attempt is made without a key: that one is needed is no problem to speak of.
    signOut(key === undefined && code === 'wrong-key' ? null : refusals[code]);
    return;
  }
  signOut(error instanceof Error ? error.message : String(error));
}

const refusals = {
  'wrong-key': 'The pod does not accept this key (HTTP 401).',
  forbidden: 'This key may not read the fleet (HTTP 403): an admin key is needed.',
} as const;
