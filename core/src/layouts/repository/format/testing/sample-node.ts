import { emptyNode, type Node } from '../tree/node.ts';

/** A node of a file with little in it. */
export function sampleNode(name: string | Uint8Array, fields: Partial<Node> = {}): Node {
  const time = '2026-11-23T19:57:23.946+01:00';
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  return {
    ...emptyNode,
    name: bytes,
    type: 'file',
    mtime: time,
    atime: time,
    ctime: time,
    content: new Uint8Array(0),
    ...fields,
  };
}
