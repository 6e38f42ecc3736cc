// An Express service that asks a model: `node express-service.ts`, then POST /ask {"question": "…"}.
import express from 'express';
import OpenAI from 'openai';
import { joinFleet, triedOf } from 'allswell';
import { upstreams } from './upstreams.ts';

const fleet = await joinFleet({ redis: process.env['REDIS_URL'], targets: { chat: upstreams } });
const client = new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: fleet.fetch('chat') });

const app = express();
app.use(express.json());
app.post('/ask', async ({ body }: { body: { question?: string } }, response) => {
  try {
    const messages = [{ role: 'user' as const, content: body.question ?? '' }];
    const answer = await client.chat.completions.create({ model: 'chat', messages });
    response.json({ answer: answer.choices[0]?.message.content });
  } catch (error) {
    response.status(502).json({ tried: triedOf(error) });
  }
});
// For a status page, not for readiness: without requests nothing would test the upstreams again.
app.get('/status', (_, response) => {
  response.json(fleet.state('chat'));
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`listens on ${JSON.stringify(server.address())}`);
});
process.once('SIGTERM', () => {
  server.close(() => void fleet.leave());
});
