import { registerHooks } from 'node:module';

// Lets a process that runs from the sources import `allswell` by its name, as an application does.

const entries: Readonly<Record<string, string>> = {
  allswell: '../../src/library/index.ts',
  'allswell/ai': '../../src/ai/index.ts',
  'allswell/client': '../../src/client/index.ts',
};

registerHooks({
  resolve: (specifier, context, next) => {
    const entry = entries[specifier];
    return entry === undefined
      ? next(specifier, context)
      : { url: new URL(entry, import.meta.url).href, shortCircuit: true };
  },
});
