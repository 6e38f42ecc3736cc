import type { Route } from '../../http/index.ts';

const common = { method: 'GET', auth: 'none', group: 'Fleet' } as const;

export const statusPage: Route = {
  ...common,
  name: 'statusPage',
  paths: ['/status'],
  summary: '[Status page](../how-to/publish-a-status-page.md) of chosen model groups',
  answers: {
    200: { when: '`fleet_health.status_page` is set', type: 'text/html' },
    404: { when: 'it is not set', type: 'text/plain' },
  },
};

export const statusBadge: Route = {
  ...common,
  name: 'statusBadge',
  paths: ['/status/badges/{group}.svg'],
  slashesIn: 'group',
  summary: 'State of a group of the status page as an image',
  params: { group: 'model group that the status page shows' },
  answers: {
    200: { when: 'the status page shows the group', type: 'image/svg+xml' },
    404: { when: 'it does not, or it is not set', type: 'text/plain' },
  },
};

export const statusRoutes: readonly Route[] = [statusPage, statusBadge];
