import { isKnownKey } from '../schema/index.ts';
import type { SourceLocation } from '../yaml/index.ts';

/** A line that lacks the space YAML needs, as pages lose it when they are copied. */
export interface MissingSpace {
  readonly location: SourceLocation;
  readonly key: string;
  readonly lacks: readonly ('after its dash' | 'after its colon' | 'before its #')[];
  /** The line as it should begin, without the value, which may be a secret. */
  readonly right: string;
  /** Offsets in the line where spaces belong. */
  readonly inserts: readonly number[];
}

/**
 * Lines such as `port:6379` and `-model_name: gpt-4`. Only keys that we know count, because `host:6379` in text and in
 * lists of addresses is valid.
 */
export function findMissingSpaces(text: string): readonly MissingSpace[] {
  const found: MissingSpace[] = [];
  let blockIndent = Infinity;
  for (const [at, line] of text.split('\n').entries()) {
    const indent = line.search(/\S/);
    // Text after `|` or `>` is not YAML until a line is indented no further than the one that opened it.
    if (indent === -1 || indent > blockIndent || line[indent] === '#') continue;
    blockIndent = /(^|[\s:-])[|>][-+\d]*\s*(#.*)?$/.test(line) ? indent : Infinity;
    const missing = inspect(line, at + 1);
    if (missing !== undefined) found.push(missing);
  }
  return found;
}

/** The text with the spaces put in, to find out what else is wrong with it. */
export function insertSpaces(text: string, missing: readonly MissingSpace[]): string {
  const lines = text.split('\n');
  for (const { location, inserts } of missing) {
    lines[location.line - 1] = inserts
      .toReversed()
      .reduce((line, at) => `${line.slice(0, at)} ${line.slice(at)}`, lines[location.line - 1] ?? '');
  }
  return lines.join('\n');
}

/** Finds where a place in the text of {@link insertSpaces} was before. */
export function locationsBefore(missing: readonly MissingSpace[]): (location: SourceLocation) => SourceLocation {
  const insertsOf = new Map(missing.map(({ location, inserts }) => [location.line, inserts]));
  return ({ line, column }) => {
    const inserts = insertsOf.get(line) ?? [];
    return { line, column: inserts.reduceRight((now, at) => (now - 1 > at ? now - 1 : now), column) };
  };
}

function inspect(line: string, number: number): MissingSpace | undefined {
  const match = /^(\s*)(-\s+|-|)([A-Za-z_]\w*):(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, indent = '', dash = '', key = '', rest = ''] = match;
  if (!isKnownKey(key)) return undefined;
  const colon = indent.length + dash.length + key.length + 1;
  const afterDash = dash === '-';
  const afterColon = rest !== '' && !/^[\s/:]/.test(rest);
  if (!afterDash && !afterColon) return undefined;
  // `300# five minutes`: the comment lost its space as well.
  const comment = afterColon ? /^[^\s'"#]+(?=#\s)/.exec(rest) : null;
  const lacking = [
    { lacks: 'after its dash', at: afterDash ? indent.length + 1 : undefined },
    { lacks: 'after its colon', at: afterColon ? colon : undefined },
    { lacks: 'before its #', at: comment ? colon + comment[0].length : undefined },
  ] as const;
  return {
    location: { line: number, column: indent.length + 1 },
    key,
    lacks: lacking.flatMap(({ lacks, at }) => (at === undefined ? [] : [lacks])),
    right: `${dash === '' ? '' : '- '}${key}: …`,
    inserts: lacking.flatMap(({ at }) => at ?? []),
  };
}
