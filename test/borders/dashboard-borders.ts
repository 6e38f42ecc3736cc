/** Modules of the dashboard that keep every rule. */
export const DASHBOARD_SOUND: Readonly<Record<string, string>> = {
  'src/client/follow/index.ts': "export { show } from '../index.ts';",
  'dashboard/main.tsx':
    "import { draw } from './views/page.tsx';\nimport { shown } from './state/fleet.ts';\ndraw(shown);",
  'dashboard/views/page.tsx':
    "import preact from 'preact';\nimport { text } from '../model/text.ts';\nexport const draw = (shown: string): unknown => [preact, text, shown];",
  'dashboard/state/fleet.ts':
    "import { show } from '../../src/client/follow/index.ts';\nexport const shown = String(show);",
  'dashboard/model/text.ts':
    "import type { Body } from '../../src/api/index.ts';\nexport const text = (body: Body): string => body.state;",
};

/** For each rule of the dashboard, one import that must not be. */
export const DASHBOARD_VIOLATIONS: Readonly<Record<string, Record<string, string>>> = {
  'dashboard-imports-types-of-api-and-the-client-only': {
    'dashboard/views/bad.tsx': "import { app } from '../../src/http/index.ts';\nexport const bad = app;",
  },
  'dashboard-takes-types-of-api-only': {
    'dashboard/views/bad.tsx': "import { schema } from '../../src/api/index.ts';\nexport const bad = schema;",
  },
  'dashboard-has-layers': {
    'dashboard/state/bad.ts': "import { draw } from '../views/page.tsx';\nexport const bad = draw;",
  },
  'dashboard-model-is-pure': {
    'dashboard/model/bad.ts': "import { shown } from '../state/fleet.ts';\nexport const bad = shown;",
  },
  'sources-do-not-import-the-dashboard': {
    'src/admin/bad.ts': "import { text } from '../../dashboard/model/text.ts';\nexport const bad = text;",
  },
  'no-cycles-in-the-dashboard': {
    'dashboard/views/one.tsx': "import { two } from './two.tsx';\nexport const one = (): unknown => two;",
    'dashboard/views/two.tsx': "import { one } from './one.tsx';\nexport const two = (): unknown => one;",
  },
};
