import type { Cooldown, FoundCooldown } from '../ports/index.ts';

/** Begins the reason of each cooldown that allswell writes, so that it is never taken for evidence. */
const MARK = 'allswell: ';

/** How the text of each such cooldown begins. */
export const COOLDOWN_MARK: string = `{"exception_received": "${MARK}`;

/** Key of a deployment's cooldown, before any namespace. */
export function cooldownKey(modelId: string): string {
  return `deployment:${modelId}:cooldown`;
}

/**
 * The value of a cooldown key. LiteLLM 1.110 writes JSON, 1.106 Python's notation; both read JSON.
 *
 * @example
 * cooldownText({ status: 503, reason: 'down', atSeconds: 1.5, seconds: 3 })
 * // '{"exception_received": "allswell: down", "status_code": "503", "timestamp": 1.5, "cooldown_time": 3}'
 */
export function cooldownText({ status, reason, atSeconds, seconds }: Cooldown): string {
  const [received, code] = [JSON.stringify(`${MARK}${reason}`), JSON.stringify(String(status))];
  return `{"exception_received": ${received}, "status_code": ${code}, "timestamp": ${atSeconds}, "cooldown_time": ${seconds}}`;
}

const FIELDS = {
  status: /["']status_code["']: ?["']?(\d{3})\b/,
  atSeconds: /["']timestamp["']: ?(\d{1,12}(?:\.\d{1,12})?)(?!\d)/,
  seconds: /["']cooldown_time["']: ?(\d{1,12}(?:\.\d{1,12})?)(?!\d)/,
};

/** Reads the value of a cooldown key, in JSON or in Python's notation. Undefined where it is not a cooldown. */
export function readCooldown(text: string): FoundCooldown | undefined {
  // The reason comes first and is any text: the fields are looked for behind it.
  const fields = text.slice(Math.max(0, text.lastIndexOf('status_code') - 1));
  const [status, atSeconds, seconds] = [FIELDS.status, FIELDS.atSeconds, FIELDS.seconds].map((field) => {
    const found = field.exec(fields)?.[1];
    return found === undefined ? undefined : Number(found);
  });
  if (atSeconds === undefined || seconds === undefined) return undefined;
  const by = text.startsWith(COOLDOWN_MARK) ? 'allswell' : 'litellm';
  return { by, status: status ?? 0, atSeconds, seconds };
}
