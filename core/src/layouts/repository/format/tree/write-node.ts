import { quoteJson } from '../go-text/quote-json.ts';
import { quoteName } from '../go-text/quote-name.ts';
import type { TextDialect } from '../go-text/text-dialect.ts';
import { encodeText } from '../../../../paths/rel-path.ts';
import { ID_BYTES } from '../object-id.ts';
import type { Node, NodeAttribute } from './node.ts';

/** A node as Go's encoding/json writes restic's: its order of fields, and zero or empty ones left out where restic does. */
export function writeNode(node: Node, dialect: TextDialect): string {
  const { mode, user, group, inode, deviceId, size, links, linkTarget, device, subtree, error } = node;
  return (
    `{"name":${quoteJson(quoteName(node.name, dialect), dialect)},"type":"${node.type}"` +
    (mode === 0 ? '' : `,"mode":${String(mode)}`) +
    `,"mtime":"${node.mtime}","atime":"${node.atime}","ctime":"${node.ctime}","uid":${String(node.uid)},"gid":${String(node.gid)}` +
    (user === '' ? '' : `,"user":${quoteJson(user, dialect)}`) +
    (group === '' ? '' : `,"group":${quoteJson(group, dialect)}`) +
    (inode === 0n ? '' : `,"inode":${inode.toString()}`) +
    (deviceId === 0n ? '' : `,"device_id":${deviceId.toString()}`) +
    (size === 0n ? '' : `,"size":${size.toString()}`) +
    (links === 0n ? '' : `,"links":${links.toString()}`) +
    (linkTarget === '' ? '' : writeTarget(linkTarget, dialect)) +
    (node.attributes.length === 0 ? '' : `,"extended_attributes":[${writeAttributes(node.attributes, dialect)}]`) +
    (node.genericAttributes.size === 0 ? '' : `,"generic_attributes":{${writeGeneric(node.genericAttributes, dialect)}}`) +
    (device === 0n ? '' : `,"device":${device.toString()}`) +
    `,"content":${writeContent(node.content)}` +
    (subtree === undefined ? '' : `,"subtree":"${hex(subtree)}"`) +
    (error === '' ? '' : `,"error":${quoteJson(error, dialect)}`) +
    (node.unknown.size === 0 ? '' : `,${writeRaw([...node.unknown], dialect)}`) +
    '}'
  );
}

function writeTarget(target: string, dialect: TextDialect): string {
  const text = `,"linktarget":${quoteJson(target, dialect)}`;
  return /[\udc80-\udcff]/u.test(target) ? `${text},"linktarget_raw":"${encodeText(target).toString('base64')}"` : text;
}

function writeAttributes(attributes: readonly NodeAttribute[], dialect: TextDialect): string {
  return attributes
    .map(({ name, value }) => {
      const text = value === null ? 'null' : `"${toBuffer(value).toString('base64')}"`;
      return `{"name":${quoteJson(name, dialect)},"value":${text}}`;
    })
    .join(',');
}

/** Go sorts the keys of a map. */
function writeGeneric(values: ReadonlyMap<string, string>, dialect: TextDialect): string {
  return writeRaw(
    [...values].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    dialect,
  );
}

function writeRaw(fields: readonly (readonly [string, string])[], dialect: TextDialect): string {
  return fields.map(([key, json]) => `${quoteJson(key, dialect)}:${json}`).join(',');
}

function writeContent(content: Uint8Array | null): string {
  if (content === null) return 'null';
  if (content.length === 0) return '[]';
  const digits = hex(content);
  let text = '';
  for (let at = 0; at < digits.length; at += ID_BYTES * 2)
    text += `${at === 0 ? '"' : ',"'}${digits.slice(at, at + ID_BYTES * 2)}"`;
  return `[${text}]`;
}

function hex(bytes: Uint8Array): string {
  return toBuffer(bytes).toString('hex');
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
