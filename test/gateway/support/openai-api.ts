import type { ServerResponse } from 'node:http';
import { chatAnswer, chunk } from './scripted-upstream.ts';
import type { Script } from './scripted-upstream.ts';

/** Bytes that are no text, as the answer of audio/speech. */
export const speech: Buffer = Buffer.from([0xff, 0xf3, 0x00, 0x0d, 0x0a, 0x80, 0xfe]);

const ROLE = chunk('').replace('"content"', '"role":"assistant","content"');
const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'upstream-model',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'from responses', annotations: [] }],
    },
  ],
  usage,
};

const whole: Readonly<Record<string, unknown>> = {
  '/v1/completions': {
    id: 'cmpl-1',
    object: 'text_completion',
    choices: [{ index: 0, text: 'a completion', finish_reason: 'stop' }],
  },
  '/v1/embeddings': { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.25, -1] }], model: 'e' },
  '/v1/responses': response,
  '/v1/moderations': { id: 'modr-1', model: 'mod', results: [{ flagged: true }] },
  '/v1/images/generations': { created: 1, data: [{ b64_json: 'AAAA' }] },
  '/v1/images/edits': { created: 1, data: [{ b64_json: 'BBBB' }] },
  '/v1/audio/transcriptions': { text: 'what was said' },
  '/v1/audio/translations': { text: 'what was meant' },
  '/v1/rerank': { id: 'r-1', results: [{ index: 1, relevance_score: 0.9 }] },
};

/** Answers every endpoint as OpenAI does, a stream where the request asks for one, and 404 to other paths. */
export const openAiApi: Script = (outgoing, { path, json }) => {
  if (path === '/v1/chat/completions') sendChat(outgoing, json);
  else if (path === '/v1/responses' && json['stream'] === true) sendResponseEvents(outgoing);
  else if (path === '/v1/audio/speech') outgoing.writeHead(200, { 'content-type': 'audio/mpeg' }).end(speech);
  else if (path in whole) sendJson(outgoing, 200, JSON.stringify(whole[path]));
  else sendJson(outgoing, 404, JSON.stringify({ error: { message: `no such path: ${path}` } }));
};

/** Chat calls the first tool that it is given, and answers in JSON where a schema is asked for. */
function sendChat(outgoing: ServerResponse, json: Record<string, unknown>): void {
  const [tool] = (json['tools'] ?? []) as readonly { readonly function: { readonly name: string } }[];
  const messages = (json['messages'] ?? []) as readonly { readonly role: string }[];
  const isAnswered = messages.some(({ role }) => role === 'tool');
  if (tool !== undefined && !isAnswered) {
    const call = {
      id: 'call_1',
      type: 'function',
      function: { name: tool.function.name, arguments: '{"city":"Ulm"}' },
    };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
    sendJson(outgoing, 200, JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, choices }));
  } else if (json['stream'] === true) {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end(`${ROLE}${chunk('hel')}${chunk('lo')}${chunk('', 'stop')}data: [DONE]\n\n`);
  } else {
    sendJson(outgoing, 200, chatAnswer(json['response_format'] === undefined ? 'hello' : '{"n":7}'));
  }
}

function sendResponseEvents(outgoing: ServerResponse): void {
  const events = [
    { type: 'response.created', sequence_number: 0, response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_text.delta', sequence_number: 1, delta: 'from responses', output_index: 0 },
    { type: 'response.completed', sequence_number: 2, response },
  ];
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  outgoing.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

function sendJson(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
