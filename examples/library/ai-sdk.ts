// A script with the AI SDK: `node ai-sdk.ts "A question"`.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { joinFleet } from 'allswell';
import { upstreams } from './upstreams.ts';

await using fleet = await joinFleet({ redis: process.env['REDIS_URL'], targets: { chat: upstreams } });
const models = upstreams.map(({ baseUrl, apiKey = '', model: name = '' }) => {
  return createOpenAI({ baseURL: baseUrl, apiKey }).chat(name);
});
const model = fleet.model('chat', models);

const { text } = await generateText({ model, prompt: process.argv[2] ?? 'Say hello', maxRetries: 0 });
console.log(text);
console.log(fleet.explain('chat'));
