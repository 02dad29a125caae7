import { ID_BYTES } from '../object-id.ts';
import { readBase64, type UnknownFields } from '../json/json-fields.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { rawValue } from '../json/raw-value.ts';
import type { NodeAttribute } from './node.ts';

export function readAttributes(reader: JsonReader): NodeAttribute[] {
  const attributes: NodeAttribute[] = [];
  for (let more = reader.firstElement(); more; more = reader.nextElement()) attributes.push(readAttribute(reader));
  return attributes;
}

function readAttribute(reader: JsonReader): NodeAttribute {
  let name = '';
  let value: Uint8Array | null = null;
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'name') name = reader.string();
    else if (key !== 'value') rawValue(reader);
    else value = reader.isNull() ? null : readBase64(reader);
  }
  return name === '' ? reader.fail('an extended attribute has no name') : { name, value };
}

export function readGeneric(reader: JsonReader): UnknownFields {
  const values = new Map<string, string>();
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) values.set(key, rawValue(reader));
  return values;
}

/** Ids in hexadecimal, one after the other in bytes. */
export function readContent(reader: JsonReader): Uint8Array {
  const ids: Buffer[] = [];
  for (let more = reader.firstElement(); more; more = reader.nextElement()) ids.push(reader.id());
  return ids.length === 1 ? (ids[0] as Buffer) : Buffer.concat(ids, ids.length * ID_BYTES);
}
