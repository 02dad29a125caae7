import { quoteJson } from '../go-text/quote-json.ts';
import type { UnknownFields } from './json-fields.ts';

/** What a field can hold: text, whole numbers, lists of text; `undefined` leaves it out. */
export type FieldValue = string | number | bigint | boolean | readonly string[] | RawJson | undefined;

/** JSON text to put in as it is. */
export interface RawJson {
  readonly json: string;
}

/** An object with these fields in their order, as Go writes it; then the unknown ones. */
export function writeFields(fields: Readonly<Record<string, FieldValue>>, unknown: UnknownFields = new Map()): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) parts.push(`${quoteJson(key)}:${writeValue(value)}`);
  }
  for (const [key, json] of unknown) parts.push(`${quoteJson(key)}:${json}`);
  return `{${parts.join(',')}}`;
}

function writeValue(value: Exclude<FieldValue, undefined>): string {
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value !== 'object') return String(value);
  return 'json' in value ? value.json : `[${value.map((text) => quoteJson(text)).join(',')}]`;
}
