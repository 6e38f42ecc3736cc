import type { Row } from '../panel.ts';
import { alerts } from './alerts.ts';
import { fleet } from './fleet.ts';
import { groups } from './groups.ts';
import { money } from './money.ts';
import { objectives } from './objectives.ts';
import { requests } from './requests.ts';
import { targets } from './targets.ts';

/** The rows of the board, the most urgent first. */
export const ROWS: readonly Row[] = [groups, objectives, targets, alerts, fleet, requests, money];
