// A script with LangChain.js: `node langchain.ts "A question"`.
import { ChatOpenAI } from '@langchain/openai';
import { joinFleet } from 'allswell';
import { upstreams } from './upstreams.ts';

await using fleet = await joinFleet({ redis: process.env['REDIS_URL'], targets: { chat: upstreams } });
const model = new ChatOpenAI({
  model: 'chat',
  apiKey: 'unused',
  maxRetries: 0,
  configuration: { fetch: fleet.fetch('chat') },
});

const answer = await model.invoke(process.argv[2] ?? 'Say hello');
console.log(answer.text);
