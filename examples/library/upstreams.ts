import { openai } from 'allswell';
import type { LibraryUpstream } from 'allswell';

/** Two servers with OpenAI's API. Set FIRST_KEY and SECOND_KEY; FIRST_URL and SECOND_URL for other servers; MODEL for another model. */
const model = process.env['MODEL'] ?? 'gpt-4o-mini';

export const upstreams: readonly LibraryUpstream[] = [
  openai({
    id: 'first',
    model,
    baseUrl: process.env['FIRST_URL'] ?? 'https://api.openai.com/v1',
    apiKey: process.env['FIRST_KEY'],
  }),
  openai({
    id: 'second',
    model,
    baseUrl: process.env['SECOND_URL'] ?? 'https://api.openai.com/v1',
    apiKey: process.env['SECOND_KEY'],
  }),
];
