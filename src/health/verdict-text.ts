import { counted } from './counted.ts';
import { ofClassIn } from './failure-series.ts';
import type { Facts, FailureRun } from './facts.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';
import type { FailureClass } from './outcome.ts';
import type { Hindrance, Peer, VerdictContext } from './verdict-context.ts';
import { witnessesIn } from './witnesses-text.ts';

/** Reason of a verdict without any evidence. */
export function nothingKnown({ withoutProbes }: VerdictContext): string {
  return withoutProbes === true ? 'no request has shown anything yet' : 'never probed';
}

/** A pod without probes can tell its own requests from those of others, but not those of others from probes. */
export function success({ last }: Facts, { withoutProbes, self }: VerdictContext): string {
  if (last.source === 'traffic') return 'the last request succeeded';
  if (withoutProbes !== true) return 'the last probe passed';
  return last.pod === self ? 'the last request succeeded' : 'the last request or probe of another pod succeeded';
}

/** For example `3 server errors (HTTP 500), confirmed by 2 pods: overloaded`. */
export function summary(failureRun: Omit<FailureRun, 'previous'>, verb: 'confirmed' | 'seen' = 'confirmed'): string {
  const { class: name, status, length, witnesses, message } = failureRun;
  const ofClass = ofClassIn(failureRun);
  // The status 408 of a timeout is set by this pod, as LiteLLM does; the upstream did not send it.
  const http = status === undefined || name === 'timeout' ? '' : ` (HTTP ${status})`;
  const all = ofClass < length ? `, ${length} failures in total` : '';
  const by = `${witnesses.length === 1 ? 'seen' : verb} by ${witnessesIn(witnesses)}`;
  return `${counted(ofClass, nounOf(name, status))}${http}${all}, ${by}: ${message}`;
}

/** A failure of a request may be stored as one of the server whatever its class is, because only a probe proves that. */
function nounOf(name: FailureClass, status: number | undefined): string {
  return name === 'server' && (status === undefined || status < 500) ? 'failure' : nouns[name];
}

const nouns: Readonly<Record<FailureClass, string>> = {
  network: 'network error',
  timeout: 'timeout',
  server: 'server error',
  overloaded: 'rate-limit error',
  quota: 'quota error',
  auth: 'auth error',
  'not-found': 'not-found error',
  'bad-probe': 'rejected probe',
};

/** Status, where there was one, and message. */
export function shown({ status, message }: { readonly status?: number; readonly message: string }): string {
  return status === undefined ? message : `HTTP ${status}: ${message}`;
}

const MAX_NAMED = 3;

const hindranceTexts: Readonly<Record<Hindrance, string>> = {
  blind: 'gets no probe results',
  impaired: 'is impaired',
  'fails-alone': 'fails where other pods succeed',
  'on-demand-only': 'probes only on demand',
};

/** Up to three pods that did not confirm what one host saw, each with its reason, for example `b gets no probe results`. */
export function notConfirmedBy(peers: readonly Peer[], seenAt: Level): string {
  const named = peers.slice(0, MAX_NAMED).map((peer) => `${peer.pod} ${reasonOf(peer, seenAt)}`);
  return [...named, ...(peers.length > MAX_NAMED ? ['and more'] : [])].join(', ');
}

function reasonOf({ hindrance, level }: Peer, seenAt: Level): string {
  if (hindrance !== undefined) return hindranceTexts[hindrance];
  return reaches(level, seenAt) ? 'did not probe in time' : `probes at level ${level} only`;
}
