import { alertsSchema, alertsTestSchema, detailSchema, faultsSchema, testAlertsSchema } from '../../api/index.ts';
import type { TestAlerts } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

export const alerts: Route = {
  name: 'alerts',
  method: 'GET',
  paths: ['/fleet/alerts'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Receivers of alerts, their last results, and open incidents',
  answers: { 200: { when: 'always', schema: alertsSchema } },
};

export const alertsTest: Route<unknown, TestAlerts> = {
  name: 'alertsTest',
  method: 'POST',
  paths: ['/fleet/alerts/test'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Send a test message from this pod to one receiver of alerts, or to all',
  body: testAlertsSchema,
  answers: {
    200: { when: 'each receiver answered, failed, or did not answer within 5 s', schema: alertsTestSchema },
    404: { when: 'there is no such receiver', schema: detailSchema },
    422: { when: 'the body is invalid', schema: faultsSchema },
  },
};

export const alertRoutes: readonly Route[] = [alerts, alertsTest];
