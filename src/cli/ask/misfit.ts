/** A schema of `api`, as far as it is needed to find what does not fit. */
export interface BodySchema {
  safeParse(body: unknown):
    | { readonly success: true }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly Issue[] };
      };
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What commands read of a body. Keys are paths without the places in lists, such as `targets.flags`. */
export interface BodyForm {
  readonly schema: BodySchema;
  /** Keys that an older pod leaves out. */
  readonly leftOut?: ReadonlySet<string>;
  /** Keys of words that commands print as they are. */
  readonly anyWord?: ReadonlySet<string>;
}

/**
 * The first part of a body that commands cannot read, with the reason; undefined if they can read all of it. A pod of another
 * version may leave out keys that it does not have, and add keys and words that a command shows without knowing them.
 * An answer is `targets[0].state: expected string, received undefined`.
 */
export function misfitOf(body: unknown, form: BodyForm): string | undefined {
  const parsed = form.schema.safeParse(body);
  const issue = parsed.success ? undefined : parsed.error.issues.find((one) => matters(one, body, form));
  if (issue === undefined) return unreadRecord(body);
  return `${placeOf(issue.path)}: ${issue.message.replace(/^Invalid \w+: /, '')}`;
}

function matters({ code, path }: Issue, body: unknown, { leftOut, anyWord }: BodyForm): boolean {
  const keys = path.filter((key) => typeof key === 'string').join('.');
  if (leftOut?.has(keys) === true && valueAt(body, path) === undefined) return false;
  // Numbers out of range and further keys do not keep a command from reading the body.
  if (code === 'invalid_value') return anyWord?.has(keys) !== true;
  return code === 'invalid_type' || code === 'invalid_format';
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body);
}

/** A record as stored has the keys of its version, which the schema does not promise. Commands read its newest evidence. */
function unreadRecord(body: unknown): string | undefined {
  const { targets = [] } = body as {
    readonly targets?: readonly { readonly record?: { readonly last?: unknown } | null }[];
  };
  const at = targets.findIndex(({ record }) => {
    return record !== undefined && record !== null && (typeof record.last !== 'object' || record.last === null);
  });
  return at === -1 ? undefined : `targets[${at}].record.last: expected object`;
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the answer';
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
