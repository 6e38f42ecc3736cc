import type { ExchangeAnswer, TransportRequest, UpstreamFault } from '../upstream/index.ts';
import type { Failure } from '../health/index.ts';
import { gradeError, isObject, parseJson, textOf } from '../providers/wire/index.ts';
import type { JsonObject } from '../providers/wire/index.ts';
import type { Fetched, LoginFailure, LoginParts } from './types.ts';

const CONNECT_MS = 5_000;
const IDLE_MS = 5_000;
const MOST_BYTES = 256 * 1024;

/** A form, as OAuth and AWS' STS take it. */
export interface LoginForm {
  readonly url: URL;
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

export function formText(form: LoginForm['form']): string {
  return new URLSearchParams(form).toString();
}

/** Sends a form; answers the body of a 2xx. */
export async function askLoginHost(
  { url, form, headers = {} }: LoginForm,
  { transport, clock }: LoginParts,
  signal: AbortSignal,
): Promise<{ readonly kind: 'answered'; readonly text: string; readonly latencyMs: number } | LoginFailure> {
  const body = formText(form);
  const request: TransportRequest = {
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': FORM, ...headers },
    body,
    connectMs: CONNECT_MS,
    idleMs: IDLE_MS,
    maxBytes: MOST_BYTES,
  };
  const answer = await transport.request(request, signal);
  if (answer.kind === 'fault') return named(answer, url);
  if (answer.status >= 200 && answer.status <= 299) {
    return { kind: 'answered', text: answer.text, latencyMs: answer.latencyMs };
  }
  const failure = refusalOf(answer, clock.wallMs());
  const message = `login at ${url.host}: ${withoutSecretsOf(form, failure.message)}`;
  return refused({ ...failure, message }, answer.latencyMs);
}

/** The token in an answer of OAuth. */
export async function askForToken(
  form: LoginForm,
  parts: LoginParts,
  signal: AbortSignal,
): Promise<Fetched<string> | LoginFailure> {
  const answer = await askLoginHost(form, parts, signal);
  if (answer.kind !== 'answered') return answer;
  const body = parseJson(answer.text);
  const token = isObject(body) ? (textOf(body['access_token']) ?? textOf(body['id_token'])) : undefined;
  if (token === undefined) return malformed(form.url, 'an answer without a token', answer.latencyMs);
  return { kind: 'fetched', value: token, lifeMs: lifeIn(body as JsonObject) };
}

/** Without a time it is used for an hour at most, as long as any of these hosts gives. */
function lifeIn({ expires_in: seconds }: JsonObject): number {
  const life = Number(seconds);
  return Number.isFinite(life) && life > 0 ? life * 1_000 : 3_600_000;
}

/** An answer of a login host that cannot be used. */
export function malformed(url: URL, why: string, latencyMs: number): LoginFailure {
  return refused({ class: 'server', message: `login at ${url.host}: ${why}` }, latencyMs);
}

/** A login that cannot even be tried, for what is configured. */
export function unusable(why: string): LoginFailure {
  return refused({ class: 'auth', message: `login: ${why}` }, 0);
}

/** Why a file cannot be read, without its content. */
export function whyUnreadable(path: string, error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'not readable';
  return `cannot read ${path} (${code})`;
}

function refused(failure: Failure, latencyMs: number): LoginFailure {
  return { kind: 'refused', failure, latencyMs };
}

function named(fault: UpstreamFault, url: URL): UpstreamFault {
  return { ...fault, message: `login at ${url.host}: ${fault.message}` };
}

/** A client's error at a login host is about the login: an unknown tenant is answered with 400 or 404. */
function refusalOf(answer: ExchangeAnswer, wallMs: number): Failure {
  const grade = gradeError(answer, wallMs);
  const failure: Failure =
    grade.kind === 'failed' ? grade.failure : { class: 'auth', status: answer.status, message: 'refused' };
  const ofLogin = ['bad-probe', 'not-found', 'quota'].includes(failure.class) ? 'auth' : failure.class;
  return { ...failure, class: ofLogin, message: describe(answer, failure) };
}

/** Proofs that come from files are in no configuration, so nothing else knows them. */
function withoutSecretsOf(form: LoginForm['form'], text: string): string {
  return proofs
    .map((name) => form[name] ?? '')
    .filter((proof) => proof !== '')
    .reduce((rest, proof) => rest.replaceAll(proof, '***'), text);
}

const proofs = 'client_secret client_assertion password assertion refresh_token subject_token WebIdentityToken'.split(
  ' ',
);

/** OAuth has `error` and `error_description`, STS an XML or JSON error with `Message`. */
function describe({ text }: ExchangeAnswer, { message }: Failure): string {
  const body = parseJson(text);
  if (isObject(body)) {
    const inner = isObject(body['Error']) ? textOf(body['Error']['Message']) : undefined;
    return textOf(body['error_description']) ?? inner ?? message;
  }
  return /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? message;
}
