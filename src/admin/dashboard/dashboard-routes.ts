import type { Answer, Route } from '../../http/index.ts';

const common = { method: 'GET', auth: 'none', group: 'Pod' } as const;

const absent: Record<number, Answer> = {
  404: { when: '`fleet_health.dashboard` is `off`, or no file has this name', type: 'text/plain' },
  503: { when: 'the files were not built: run `npm run build`', type: 'text/plain' },
};

export const dashboardEntry: Route = {
  ...common,
  name: 'dashboardEntry',
  paths: ['/ui'],
  summary: 'Redirect to `/ui/`',
  answers: {
    307: { when: 'always; `Location` is relative' },
    404: { when: absent[404]?.when ?? '', type: 'text/plain' },
  },
};

export const dashboardPage: Route = {
  ...common,
  name: 'dashboardPage',
  paths: ['/ui/'],
  summary: '[Dashboard](../how-to/use-the-dashboard.md) for browsers. The page has no data: it asks for a key',
  answers: {
    200: { when: 'always', type: 'text/html' },
    304: { when: '`If-None-Match` names the current page', type: 'text/html' },
    ...absent,
  },
};

export const dashboardFile: Route = {
  ...common,
  name: 'dashboardFile',
  paths: ['/ui/{file}'],
  summary: 'Scripts and styles of the dashboard',
  params: { file: 'a name that the page refers to' },
  answers: {
    200: { when: 'the page refers to it', type: 'text/javascript' },
    304: { when: '`If-None-Match` names the current file', type: 'text/javascript' },
    ...absent,
  },
};

export const dashboardRoutes: readonly Route[] = [dashboardEntry, dashboardPage, dashboardFile];
