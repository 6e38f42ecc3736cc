import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell, chatAnswer } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// Requests byte by byte, as proxies and old programs send them.

const opened = closingAfterEach();

interface Exchange {
  readonly text: string;
  readonly end: 'closed' | 'reset';
}

/** Sends a request and reads until the pod ends the connection. */
async function exchange(gateway: GatewayPod, line: string, body: object): Promise<Exchange> {
  const json = JSON.stringify(body);
  const headers = ['host: pod', `authorization: Bearer ${KEY}`, `content-length: ${json.length}`, 'connection: close'];
  return await new Promise((resolve) => {
    let text = '';
    let end: Exchange['end'] = 'closed';
    const socket = connect(gateway.server.port, '127.0.0.1');
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', () => (end = 'reset'));
    socket.on('close', () => resolve({ text, end }));
    socket.write(`${line}\r\n${headers.join('\r\n')}\r\n\r\n${json}`);
  });
}

const chat = { model: 'm', messages: [] };

it('fault: no endpoint of a model is found where the client names the whole address, as to a proxy', async () => {
  const upstream = await opened.upstream(answersWell);
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  for (const target of ['http://pod/v1/chat/completions', 'HTTPS://pod:4000/v1/chat/completions?a=1']) {
    const { text } = await exchange(gateway, `POST ${target} HTTP/1.1`, chat);
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain(chatAnswer('hello'));
  }
  const { text } = await exchange(gateway, 'GET http://pod/v1/models HTTP/1.1', {});
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
});

it('fault: a client of HTTP/1.0 takes sound that broke off for the whole', async () => {
  const breaksOff: Script = (response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.write('half', () => setTimeout(() => response.socket?.resetAndDestroy(), 50));
  };
  const upstream = await opened.upstream(breaksOff);
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  const speech = { model: 'm', input: 'hi', voice: 'alloy' };
  expect((await exchange(gateway, 'POST /v1/audio/speech HTTP/1.0', speech)).end).toBe('reset');
  // The length of the last part is missing, so this client knows.
  const newer = await exchange(gateway, 'POST /v1/audio/speech HTTP/1.1', speech);
  expect(newer.text).toMatch(/half\r\n$/);
});
