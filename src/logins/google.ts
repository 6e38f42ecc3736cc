import type { GoogleLogin } from '../providers/index.ts';
import { isObject, parseJson, textOf } from '../providers/wire/index.ts';
import type { JsonObject } from '../providers/wire/index.ts';
import { askForToken, unusable, whyUnreadable } from './ask-login-host.ts';
import type { Fetched, LoginFailure, LoginParts } from './types.ts';

type Token = Fetched<string> | LoginFailure;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const ASSERTION_S = 3_600;

/** A token of Google for the account of a credential file. */
export async function googleToken(login: GoogleLogin, parts: LoginParts, signal: AbortSignal): Promise<Token> {
  const { source } = login;
  let text: string;
  try {
    text = source.kind === 'json' ? source.text : parts.readFile(source.path);
  } catch (error) {
    return unusable(whyUnreadable(source.kind === 'file' ? source.path : '', error));
  }
  const file = parseJson(text);
  if (!isObject(file)) return unusable('the Google credential file is not a JSON object');
  switch (file['type']) {
    case 'service_account':
      return await byServiceAccount(file, parts, signal);
    case 'authorized_user':
      return await byRefreshToken(file, parts, signal);
    case 'external_account':
      return await byFederation(file, parts, signal);
    default:
      return unusable(`a Google credential file of type ${textOf(file['type']) ?? 'unknown'} is not supported`);
  }
}

async function byServiceAccount(file: JsonObject, parts: LoginParts, signal: AbortSignal): Promise<Token> {
  const email = textOf(file['client_email']);
  const key = textOf(file['private_key']);
  if (email === undefined || key === undefined) {
    return unusable('the service account has no client_email or no private_key');
  }
  const url = urlOf(file['token_uri'] ?? TOKEN_URL);
  if (url === undefined) return unusable('the service account has no valid token_uri');
  // Only pods with such models load it.
  const { SignJWT, importPKCS8 } = await import('jose');
  const nowS = Math.floor(parts.clock.wallMs() / 1_000);
  let assertion: string;
  try {
    const keyId = textOf(file['private_key_id']);
    assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
      .setIssuer(email)
      .setAudience(url.href)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + ASSERTION_S)
      .sign(await importPKCS8(key, 'RS256'));
  } catch {
    // The library's words may contain parts of the key.
    return unusable('the private_key of the service account cannot be used');
  }
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  return await askForToken({ url, form }, parts, signal);
}

async function byRefreshToken(file: JsonObject, parts: LoginParts, signal: AbortSignal): Promise<Token> {
  const [id, secret, refresh] = ['client_id', 'client_secret', 'refresh_token'].map((key) => textOf(file[key]));
  const url = urlOf(file['token_uri'] ?? TOKEN_URL);
  if (id === undefined || secret === undefined || refresh === undefined || url === undefined) {
    return unusable('the Google credential file has no client_id, client_secret or refresh_token');
  }
  const form = { grant_type: 'refresh_token', client_id: id, client_secret: secret, refresh_token: refresh };
  return await askForToken({ url, form }, parts, signal);
}

/** Workload identity federation with a token in a file; other sources ask a metadata server or run a program. */
async function byFederation(file: JsonObject, parts: LoginParts, signal: AbortSignal): Promise<Token> {
  const source = isObject(file['credential_source']) ? file['credential_source'] : {};
  const path = textOf(source['file']);
  const url = urlOf(file['token_url']);
  const [audience, type] = [textOf(file['audience']), textOf(file['subject_token_type'])];
  if (path === undefined || url === undefined || audience === undefined || type === undefined) {
    return unusable('this kind of Google workload identity federation is not supported, only a token in a file');
  }
  if (textOf(file['service_account_impersonation_url']) !== undefined) {
    return unusable('Google workload identity federation with impersonation is not supported');
  }
  let subject: string;
  try {
    subject = subjectIn(parts.readFile(path), source['format']);
  } catch (error) {
    return unusable(whyUnreadable(path, error));
  }
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: type,
    subject_token: subject,
    audience,
    scope: SCOPE,
  };
  return await askForToken({ url, form }, parts, signal);
}

function subjectIn(text: string, format: unknown): string {
  const field = isObject(format) ? textOf(format['subject_token_field_name']) : undefined;
  if (field === undefined) return text.trim();
  const body = parseJson(text);
  return (isObject(body) ? textOf(body[field]) : undefined) ?? '';
}

function urlOf(text: unknown): URL | undefined {
  return typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
}
