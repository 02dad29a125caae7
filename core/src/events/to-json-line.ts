import type { HoldfastEvent } from '../contracts/events.ts';
import { encodeText, isPlainText } from '../paths/rel-path.ts';

const pathFields = ['path', 'from', 'current'];

/**
 * The line of `--json` for an event: one JSON object with `type` and `time` (RFC 3339) first, ended by a newline. Numbers of bytes are
 * written exactly, above 2^53 too. A path that is not valid UTF-8 is shown with U+FFFD, and its bytes stand in `pathBase64`
 * (`fromBase64`, `currentBase64`) beside it.
 */
export function toJsonLine(event: HoldfastEvent, time: Date): string {
  const { type, ...rest } = event;
  return `${toJson({ type, time: time.toISOString(), ...rest })}\n`;
}

/** A result object of `ls`, `snapshots` and the like as one line of JSON, with the rules of `toJsonLine`. */
export function toJson(record: object): string {
  const fields = Object.entries(record).flatMap(([name, value]) =>
    pathFields.includes(name) && typeof value === 'string' ? pathEntries(name, value) : [[name, value] as const],
  );
  return JSON.stringify(Object.fromEntries(fields), (_, value: unknown) =>
    typeof value === 'bigint' ? exactNumber(value) : value,
  );
}

/** ECMAScript's JSON.rawJSON, which the compiler's library does not declare yet. */
function exactNumber(value: bigint): unknown {
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(String(value));
}

function pathEntries(name: string, path: string): (readonly [string, unknown])[] {
  if (isPlainText(path)) return [[name, path]];
  return [
    [name, path.toWellFormed()],
    [`${name}Base64`, encodeText(path).toString('base64')],
  ];
}
