import type { IForbiddenRuleType } from 'dependency-cruiser';
import { folders, packages, TEST } from './paths.ts';

/** Borders of `dashboard/`, which runs in browsers. */
export const dashboardRules: IForbiddenRuleType[] = [
  {
    name: 'dashboard-imports-types-of-api-and-the-client-only',
    comment: 'The dashboard knows a pod by its answers: types of api, the client, and the packages that draw it.',
    severity: 'error',
    from: { path: '^dashboard/', pathNot: TEST },
    to: {
      pathNot: [
        '^dashboard/',
        String.raw`^src/(?:api|client|client/follow)/index\.ts$`,
        packages('preact', '@preact/signals'),
      ],
    },
  },
  {
    name: 'dashboard-takes-types-of-api-only',
    comment: 'Schemas would bring zod into the browser: write `import type`.',
    severity: 'error',
    from: { path: '^dashboard/', pathNot: TEST },
    to: { path: folders('api'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'dashboard-has-layers',
    comment: 'model is pure, state reads the pod, views draw: model imports neither, state imports no view.',
    severity: 'error',
    from: { path: '^dashboard/(?:model|state)/', pathNot: TEST },
    to: { path: '^dashboard/views/' },
  },
  {
    name: 'dashboard-model-is-pure',
    comment: 'model turns answers into what is shown: no state, no package, no browser.',
    severity: 'error',
    from: { path: '^dashboard/model/', pathNot: TEST },
    to: { pathNot: ['^dashboard/model/', folders('api')] },
  },
  {
    name: 'sources-do-not-import-the-dashboard',
    comment: 'Pods serve the built files of the dashboard; none of its modules runs in them.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: ['^dashboard/', packages('preact', '@preact/signals')] },
  },
  {
    name: 'no-cycles-in-the-dashboard',
    comment: 'Modules that import each other cannot be read one at a time.',
    severity: 'error',
    from: { path: '^dashboard/', pathNot: TEST },
    to: { circular: true },
  },
];
