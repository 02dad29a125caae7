import { JsonReader } from '../json/json-reader.ts';
import { rawValue } from '../json/raw-value.ts';
import type { Node } from './node.ts';
import { readNode } from './read-node.ts';

/**
 * The nodes of a tree blob's plaintext, one after the other, so that a directory of millions takes the memory of one entry. Names are
 * views of `bytes`, which must not change meanwhile. Throws `state-damaged`, also for names that are twice there or out of order; what
 * came before was whole.
 */
export function* readTree(bytes: Uint8Array): Generator<Node, void> {
  const reader = new JsonReader(bytes, 'A directory of the repository');
  let hasNodes = false;
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
    if (key !== 'nodes') {
      rawValue(reader);
      continue;
    }
    if (hasNodes) reader.fail('"nodes" stands there twice');
    hasNodes = true;
    if (!reader.isNull()) yield* readNodes(reader);
  }
  if (!hasNodes) reader.fail('"nodes" is missing');
  reader.end();
}

function* readNodes(reader: JsonReader): Generator<Node, void> {
  let last: Uint8Array = new Uint8Array(0);
  for (let more = reader.firstElement(); more; more = reader.nextElement()) {
    const node = readNode(reader);
    if (Buffer.compare(last, node.name) >= 0) reader.fail('its names are not in order');
    last = node.name;
    yield node;
  }
}
