import { openai } from 'allswell';
import type { LibraryUpstream } from 'allswell';

/** Two servers with OpenAI's API: real ones have one key each. */
export const upstreams: readonly LibraryUpstream[] = [
  openai({
    id: 'first',
    baseUrl: process.env['FIRST_URL'] ?? 'https://api.openai.com/v1',
    apiKey: process.env['FIRST_KEY'],
  }),
  openai({
    id: 'second',
    baseUrl: process.env['SECOND_URL'] ?? 'https://api.openai.com/v1',
    apiKey: process.env['SECOND_KEY'],
  }),
];
