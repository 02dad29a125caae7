import { decodeText } from '../../../../paths/rel-path.ts';
import { ZERO_TIME } from '../go-text/parse-time.ts';
import { unquoteName } from '../go-text/unquote-name.ts';
import { readBase64, readId, readTime, type UnknownFields } from '../json/json-fields.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { rawValue } from '../json/raw-value.ts';
import { emptyNode, type Node, type NodeType } from './node.ts';
import { whyNoName } from './node-name.ts';
import { readAttributes, readContent, readGeneric } from './read-node-lists.ts';

const MAX_U32 = 2 ** 32 - 1;
const types: ReadonlySet<string> = new Set<NodeType>(['file', 'dir', 'symlink', 'dev', 'chardev', 'fifo', 'socket']);

type Draft = { -readonly [Field in keyof Node]: Node[Field] };
/** What a node is until its name and type have been read. */
const draft: Draft = {
  ...emptyNode,
  name: new Uint8Array(0),
  type: 'file',
  mtime: ZERO_TIME,
  atime: ZERO_TIME,
  ctime: ZERO_TIME,
};

const readers: Readonly<Record<string, (node: Draft, reader: JsonReader) => void>> = Object.assign(
  Object.create(null) as object,
  {
    name: (node, reader) => (node.name = readName(reader)),
    type: (node, reader) => (node.type = readType(reader)),
    mode: (node, reader) => (node.mode = reader.integer(MAX_U32)),
    mtime: (node, reader) => (node.mtime = readTime(reader)),
    atime: (node, reader) => (node.atime = readTime(reader)),
    ctime: (node, reader) => (node.ctime = readTime(reader)),
    uid: (node, reader) => (node.uid = reader.integer(MAX_U32)),
    gid: (node, reader) => (node.gid = reader.integer(MAX_U32)),
    user: (node, reader) => (node.user = reader.string()),
    group: (node, reader) => (node.group = reader.string()),
    inode: (node, reader) => (node.inode = reader.u64()),
    device_id: (node, reader) => (node.deviceId = reader.u64()),
    size: (node, reader) => (node.size = reader.u64()),
    links: (node, reader) => (node.links = reader.u64()),
    linktarget: (node, reader) => (node.linkTarget = node.linkTarget === '' ? reader.string() : skipText(node, reader)),
    linktarget_raw: (node, reader) => (node.linkTarget = decodeText(readBase64(reader)) || node.linkTarget),
    extended_attributes: (node, reader) => (node.attributes = readAttributes(reader)),
    generic_attributes: (node, reader) => (node.genericAttributes = readGeneric(reader)),
    device: (node, reader) => (node.device = reader.u64()),
    content: (node, reader) => (node.content = readContent(reader)),
    subtree: (node, reader) => (node.subtree = readId(reader)),
    error: (node, reader) => (node.error = reader.string()),
  } satisfies Record<string, (node: Draft, reader: JsonReader) => void>,
);

/** The node that comes next. Its name and ids are views of what the reader reads. Throws `state-damaged`. */
export function readNode(reader: JsonReader): Node {
  const node: Draft = { ...draft };
  let unknown: Map<string, string> | undefined;
  let hasType = false;
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'type') hasType = true;
    const read = readers[key];
    if (read === undefined) (unknown ??= new Map()).set(key, rawValue(reader));
    else if (!reader.isNull()) read(node, reader);
  }
  if (node.name.length === 0 || !hasType) reader.fail('an entry lacks its name or type');
  if (unknown !== undefined) node.unknown = unknown satisfies UnknownFields;
  // Other programs write null for a file without content.
  if (node.type === 'file') node.content ??= new Uint8Array(0);
  return node;
}

function readName(reader: JsonReader): Uint8Array {
  const bytes = reader.stringBytes();
  const quoted = bytes.includes(0x5c) ? Buffer.from(reader.decode(bytes)) : bytes;
  const name = unquoteName(quoted) ?? reader.fail('a name is quoted wrongly');
  const why = whyNoName(name);
  return why === undefined ? name : reader.fail(`a name ${why}`);
}

function readType(reader: JsonReader): NodeType {
  const type = reader.string();
  return types.has(type) ? (type as NodeType) : reader.fail(`"${type.slice(0, 40)}" is no type of an entry`);
}

/** The raw target, which came first, is the one that is true. */
function skipText(node: Draft, reader: JsonReader): string {
  reader.string();
  return node.linkTarget;
}
