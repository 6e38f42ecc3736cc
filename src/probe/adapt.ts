import { LONGEST_PARAMETER } from '../health/index.ts';
import type { ProbeAdaptation } from '../health/index.ts';
import { isObject, parseJson, textOf } from '../providers/wire/index.ts';
import type { JsonBody, JsonObject, WireAnswer } from '../providers/wire/index.ts';

/**
 * What to change of a body that the upstream refused for one of its parameters; undefined where it names none that a
 * probe can do without. A limit is renamed and not dropped: without one a model may think for as long as it likes.
 *
 * @example
 * adaptationFor({ model: 'm', messages, max_tokens: 16 }, answer) // { parameter: 'max_tokens', renamedTo: 'max_completion_tokens' }
 */
export function adaptationFor(body: JsonBody, { status, text }: WireAnswer): BodyChange | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const refused = refusalIn(parseJson(text));
  const parameter = Object.keys(body)
    .filter((key) => !needed.has(key) && key.length <= LONGEST_PARAMETER)
    .find((key) => refused.parameters.includes(key) || isNamedIn(refused.message, key));
  if (parameter === undefined) return undefined;
  const renamedTo = otherNames.get(parameter);
  return { parameter, ...(renamedTo !== undefined && { renamedTo }) };
}

/** One change of a body, without the body that it belongs to. */
export type BodyChange = Omit<ProbeAdaptation, 'bodyHash'>;

/**
 * True if the recorded change belongs to this body and is one that this pod would make itself. So no record, also not a
 * forged one, removes the limit from a probe.
 */
export function applies({ parameter, renamedTo, bodyHash }: ProbeAdaptation, ofThisBody: string): boolean {
  return bodyHash === ofThisBody && !needed.has(parameter) && renamedTo === otherNames.get(parameter);
}

/** The body with the change; as it is where the parameter is not in it. */
export function adapted(body: JsonBody, { parameter, renamedTo }: BodyChange): JsonBody {
  if (!Object.hasOwn(body, parameter)) return body;
  const { [parameter]: value, ...rest } = body;
  return renamedTo === undefined ? rest : { ...rest, [renamedTo]: value };
}

/** Parameters that are never dropped: the question, and limits that have no other name. */
const needed: ReadonlySet<string> = new Set(
  // From `inputText` on of Bedrock and Vertex AI: the question, and the object with its limit.
  `model messages prompt input max_output_tokens inputText texts contents instances inferenceConfig generationConfig
  anthropic_version`.split(/\s+/),
);

const otherNames: ReadonlyMap<string, string> = new Map([
  ['max_tokens', 'max_completion_tokens'],
  ['max_completion_tokens', 'max_tokens'],
]);

interface Refusal {
  readonly parameters: readonly string[];
  readonly message: string;
}

/** OpenAI names the parameter in `param`, FastAPI at the end of `loc`; all others in words. */
function refusalIn(parsed: unknown): Refusal {
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isObject(body)) return { parameters: [], message: '' };
  const found = body['error'] ?? body['detail'] ?? body;
  const faults = (Array.isArray(found) ? found : [found]) as readonly unknown[];
  const objects = faults.filter(isObject);
  const message = objects.map(messageOf).join('\n') || (textOf(found) ?? textOf(body['message']) ?? '');
  return { parameters: objects.flatMap(parametersOf), message: message.slice(0, MOST_MESSAGE) };
}

const MOST_MESSAGE = 2_000;

function parametersOf({ param, loc }: JsonObject): readonly string[] {
  const last: unknown = Array.isArray(loc) ? loc.at(-1) : undefined;
  return [textOf(param), textOf(last)].filter((name) => name !== undefined);
}

function messageOf({ message, msg }: JsonObject): string {
  return textOf(message) ?? textOf(msg) ?? '';
}

/** A name of one word may be any word of a sentence, unless it is in quotes. */
function isNamedIn(message: string, key: string): boolean {
  const name = key.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  if (new RegExp(`['"\`]${name}['"\`]`).test(message)) return true;
  return key.includes('_') && new RegExp(`(?<![\\w.])${name}(?![\\w])`).test(message);
}
