import type { ServerResponse } from 'node:http';
import { createRedactor } from '../../redaction/index.ts';
import type { LoginFailure, Logins, SignedIn } from '../../logins/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { AttemptEnd, AttemptFault } from './attempt-types.ts';
import { faultClasses, STOPPING } from './attempt.ts';
import type { CutOff } from './cut-off.ts';
import type { PreparedCall } from './upstream-calls.ts';

interface LoginContext {
  readonly body: Buffer;
  readonly parts: { readonly logins: Logins; readonly clock: Clock; readonly cutOff: CutOff };
  readonly outgoing: ServerResponse;
  /** Limit of the attempt, ms; the login is a part of it. */
  readonly timeoutMs: number;
}

/** Sends the request once, with the headers of the login, names and values in turn. */
export type SendOnce = (loginHeaders: readonly string[], timeoutMs: number) => Promise<AttemptEnd>;

/**
 * Logs one request in and sends it. Where the upstream refuses a credential that can be replaced, it is sent a second time with
 * another one. A login that fails is a failure of the attempt, of the same class as for a probe.
 */
export async function sendLoggedIn(call: PreparedCall, context: LoginContext, send: SendOnce): Promise<AttemptEnd> {
  if (call.login === undefined) return await send([], context.timeoutMs);
  const { clock } = context.parts;
  const endsMs = clock.monotonicMs() + context.timeoutMs;
  const once = async (): Promise<{ end: AttemptEnd; signed?: SignedIn }> => {
    const signed = await signIn(call, { ...context, timeoutMs: endsMs - clock.monotonicMs() });
    if (signed.kind !== 'signed-in') return { end: signed };
    // As in a probe, a header of the configuration takes precedence.
    const added = Object.entries(signed.headers).filter(([name]) => !call.headers.includes(name));
    const end = await send(added.flat(), endsMs - clock.monotonicMs());
    return { end: withoutCredential(end, signed), signed };
  };
  const first = await once();
  const isReplaced = isRefused(first.end) && first.signed?.refused() === true;
  return isReplaced ? (await once()).end : first.end;
}

function isRefused(end: AttemptEnd): boolean {
  return end.kind === 'refused' && (end.refusal.status === 401 || end.refusal.status === 403);
}

/** A login host gets 10 s: see {@link Logins.signIn}. */
const MAX_WAIT_MS = 15_000;

async function signIn(
  { login, origin, path }: PreparedCall,
  { body, parts, outgoing, timeoutMs }: LoginContext,
): Promise<SignedIn | AttemptEnd> {
  if (login === undefined) throw new Error('a call without a login is not logged in');
  const { logins, clock, cutOff } = parts;
  if (cutOff.isOver) return { kind: 'failed', fault: STOPPING };
  const stop = new AbortController();
  let fault: AttemptFault | undefined;
  const end = (why?: AttemptFault): void => {
    fault ??= why;
    stop.abort();
  };
  const onClose = (): void => end();
  const late: AttemptFault = { class: 'timeout', message: `login: no answer within ${Math.round(timeoutMs)} ms` };
  const timer = clock.setTimer(Math.min(timeoutMs, MAX_WAIT_MS), () => end(late));
  const place = cutOff.add(() => end(STOPPING));
  outgoing.once('close', onClose);
  const unsigned = { method: 'POST', url: new URL(path, origin), contentType: 'application/json', body } as const;
  const signed = await logins.signIn(login, unsigned, stop.signal);
  outgoing.off('close', onClose);
  cutOff.remove(place);
  timer.cancel();
  if (outgoing.destroyed) return { kind: 'client-left' };
  if (signed.kind === 'signed-in') return signed;
  return { kind: 'failed', fault: fault ?? faultOf(signed) };
}

/** Its message names the login and its host. */
function faultOf(failed: LoginFailure): AttemptFault {
  if (failed.kind === 'fault') return { class: faultClasses[failed.class], message: failed.message };
  return { class: failed.failure.class, message: failed.failure.message };
}

const SECRET_HEADERS = ['authorization', 'x-amz-security-token'];

/** The upstream may repeat the credential in its error, and no configuration contains it. */
function withoutCredential(end: AttemptEnd, { headers }: SignedIn): AttemptEnd {
  if (end.kind !== 'refused' && end.kind !== 'failed') return end;
  const values = SECRET_HEADERS.flatMap((name) => headers[name] ?? []);
  const redact = createRedactor(values.flatMap((value) => [value, value.replace(/^Bearer /, '')]));
  if (end.kind === 'failed') return { ...end, fault: { ...end.fault, message: redact(end.fault.message) } };
  const { refusal } = end;
  return { ...end, refusal: { ...refusal, body: Buffer.from(redact(refusal.body.toString('utf8'))) } };
}
