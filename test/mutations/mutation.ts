/** A bug to plant, and the suite that must fail because of it. */
export interface Mutation {
  /** The bug, as a sentence. */
  readonly bug: string;
  /** Path from the repository's root. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  readonly suite: Suite;
}

/** One test file, which is what the runner gives to vitest. */
export interface Suite {
  readonly project: 'unit' | 'contract' | 'fault' | 'library';
  readonly file: string;
}

/** A test file of the whole coordinator. */
export function fleetSuite(name: string): Suite {
  return { project: 'unit', file: `test/unit/fleet/${name}.test.ts` };
}

export function unitSuite(file: string): Suite {
  return { project: 'unit', file: `${file}.test.ts` };
}

export function contractSuite(name: string): Suite {
  return { project: 'contract', file: `test/contract/${name}.test.ts` };
}

export function librarySuite(name: string): Suite {
  return { project: 'library', file: `test/library/${name}.test.ts` };
}
