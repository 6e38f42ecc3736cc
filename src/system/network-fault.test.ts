import { expect, it } from 'vitest';
import { faultClassOf, faultMessageOf } from './network-fault.ts';

function systemError(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

const networkCodes =
  'ENOTFOUND EAI_AGAIN ECONNREFUSED ECONNRESET EPIPE EHOSTUNREACH ENETUNREACH UND_ERR_SOCKET EPROTO ' +
  'DEPTH_ZERO_SELF_SIGNED_CERT ERR_TLS_CERT_ALTNAME_INVALID CERT_HAS_EXPIRED';

it.each(networkCodes.split(' '))('%s is the fault of the network', (code) => {
  expect(faultClassOf(systemError(code))).toBe('network');
});

it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL', 'ABORT_ERR', 'UND_ERR_ABORTED'])('%s is our own', (code) => {
  expect(faultClassOf(systemError(code))).toBe('local');
});

it('takes an error without a code for a bug of ours, never for evidence', () => {
  expect(faultClassOf(new TypeError('x is not a function'))).toBe('local');
  expect(faultClassOf('thrown text')).toBe('local');
});

it('tells a late kernel, garbage instead of HTTP, and a request that cannot be written', () => {
  expect(
    ['ETIMEDOUT', 'UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_INVALID_ARG'].map((code) => faultClassOf(systemError(code))),
  ).toEqual(['timeout', 'not-http', 'bad-request']);
});

it('shows the first address when all of several failed', () => {
  const parts = [systemError('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'), systemError('ECONNREFUSED', 'other')];
  expect(faultMessageOf(Object.assign(new AggregateError(parts), { code: 'ECONNREFUSED' }))).toBe(
    'connect ECONNREFUSED ::1:1',
  );
  expect(faultMessageOf(systemError('EPIPE', ''))).toBe('EPIPE');
});
