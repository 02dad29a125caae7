import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../contracts/entry.ts';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { decodeText, rootPath } from '../../../../paths/rel-path.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { unicode13Dialect } from '../go-text/text-dialect.ts';
import { TimeFormatter } from '../go-text/time-formatter.ts';
import { computeId, formatId } from '../object-id.ts';
import { sampleNode } from '../testing/sample-node.ts';
import { fromDeviceNumber, toDeviceNumber } from './device-number.ts';
import { entryToNode } from './entry-to-node.ts';
import type { Node } from './node.ts';
import { nodeToEntry } from './node-to-entry.ts';
import { readTree } from './read-tree.ts';
import { TreeWriter } from './tree-writer.ts';

const damagedError = expect.objectContaining({ code: 'state-damaged' }) as Error;
const id = 'ab'.repeat(32);

function write(nodes: Iterable<Node>, dialect = unicode13Dialect): string {
  const writer = new TreeWriter(dialect);
  for (const node of nodes) writer.add(node);
  return Buffer.from(writer.finish()).toString();
}
const read = (text: string): Node[] => [...readTree(Buffer.from(text))];
const rewrite = (text: string): string => write(read(text));

/** As restic 0.14 writes them; time, owner and the like are the same for all. */
const middle =
  '"mtime":"2026-11-23T19:57:23.946621848+01:00","atime":"2026-11-23T19:57:23.946621848+01:00","ctime":"2026-11-23T19:57:24+01:00","uid":0,"gid":0';
const nodes = {
  file: `{"name":"a\\\\x01\\u003c","type":"file","mode":420,${middle},"user":"root","group":"root","inode":2189570,"device_id":65024,"size":11,"links":1,"content":["${id}","${id}"]}`,
  empty: `{"name":"b","type":"file",${middle},"links":1,"extended_attributes":[{"name":"user.zz","value":"AAH/"},{"name":"user.aa","value":""},{"name":"user.n","value":null}],"content":[]}`,
  directory: `{"name":"c","type":"dir","mode":2147484141,${middle},"inode":18446744073709551615,"device_id":9007199254740993,"content":null,"subtree":"${id}"}`,
  old: `{"name":"d","type":"symlink","mode":134218239,${middle},"links":1,"linktarget":"\\ufffd\\ufffd0x","content":null}`,
  raw: `{"name":"e","type":"symlink","mode":134218239,${middle},"links":1,"linktarget":"\\ufffda","linktarget_raw":"/2E=","content":null}`,
  device: `{"name":"f","type":"chardev","mode":69206436,${middle},"links":1,"device":1227949024,"content":null}`,
  windows: `{"name":"g","type":"file",${middle},"generic_attributes":{"windows.creation_time":{"x":[1.50]},"windows.file_attributes":32},"content":[]}`,
  newer: `{"name":"h","type":"fifo",${middle},"content":null,"error":"e\\u0026","some_new_field":{"b":1,"a":2},"__proto__":{"polluted":1}}`,
};
const tree = (...parts: readonly string[]): string => `{"nodes":[${parts.join(',')}]}\n`;

describe('a tree', () => {
  it('comes out as it went in', () => {
    for (const node of Object.values(nodes)) expect(rewrite(tree(node))).toBe(tree(node));
    expect(rewrite(tree(...Object.values(nodes)))).toBe(tree(...Object.values(nodes)));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('without entries has the id that restic gives it', () => {
    const plain = new TreeWriter().finish();
    expect(formatId(computeId(plain))).toBe('ac08ce34ba4f8123618661bef2425f7028ffb9ac740578a3ee88684d2523fee8');
    expect(read('{"nodes":[]}\n')).toEqual([]);
    expect(read('{"new":1,"nodes":null}')).toEqual([]);
  });

  it('has its texts and numbers whole', () => {
    const [file, , directory, old, raw] = read(tree(...Object.values(nodes)));
    expect(Buffer.from(file?.name ?? []).toString()).toBe('a\x01<');
    expect(file?.content?.length).toBe(64);
    expect(directory).toMatchObject({ inode: 2n ** 64n - 1n, deviceId: 2n ** 53n + 1n });
    expect(old?.linkTarget).toBe('\udc00\udc000x');
    expect(raw?.linkTarget).toBe('\udcffa');
  });

  it('takes fields in any order, and null for a file without content', () => {
    const text = `{"nodes":[{"linktarget_raw":"/2E=","linktarget":"x","uid":0,"content":null,"subtree":null,"type":"symlink","name":"a"},{"type":"file","content":null,"name":"b"}]}`;
    const [link, file] = read(text);
    expect(link).toMatchObject({ linkTarget: '\udcffa', mtime: '0001-01-01T00:00:00Z', subtree: undefined });
    expect(file?.content).toEqual(new Uint8Array(0));
  });

  it.each([
    ['names twice', tree(nodes.empty, nodes.empty)],
    ['names out of order', tree(nodes.directory, nodes.empty)],
    ['a slash', tree(nodes.empty.replace('"b"', '"../b"'))],
    ['a dot', tree(nodes.empty.replace('"b"', '"."'))],
    ['two dots', tree(nodes.empty.replace('"b"', '".\\\\x2e"'))],
    ['a NUL', tree(nodes.empty.replace('"b"', '"b\\\\x00"'))],
    ['a NUL in JSON', tree(nodes.empty.replace('"b"', '"b\\u0000"'))],
    ['no name', tree(nodes.empty.replace('"b"', '""'))],
    ['a wrong quote', tree(nodes.empty.replace('"b"', `"\\\\'"`))],
    ['an unknown type', tree(nodes.empty.replace('"file"', '"irregular"'))],
    ['no type', tree(nodes.empty.replace('"type":"file",', ''))],
    ['a fraction', tree(nodes.file.replace('"size":11', '"size":11.5'))],
    ['a negative number', tree(nodes.file.replace('"size":11', '"size":-11'))],
    ['a wrong id', tree(nodes.directory.replace(id, id.slice(2)))],
    ['a wrong time', tree(nodes.directory.replace('11-23', '13-23'))],
    ['wrong base64', tree(nodes.empty.replace('AAH/', 'AAH'))],
    ['no nodes', '{}'],
    ['nodes twice', '{"nodes":[],"nodes":[]}'],
    ['more after it', '{"nodes":[]}{}'],
    ['no end', tree(nodes.file).slice(0, -4)],
    ['nothing', ''],
  ])('is refused for %s', (_, text) => expect(() => read(text)).toThrow(damagedError));

  it('gives what came before the damage', () => {
    const seen: Node[] = [];
    expect(() => {
      for (const node of readTree(Buffer.from(`${tree(nodes.file).slice(0, -3)},{"name":7`))) seen.push(node);
    }).toThrow(damagedError);
    expect(seen.length).toBe(1);
  });

  it('is not written out of order or with a name that reaches elsewhere', () => {
    for (const names of [['b', 'a'], ['a', 'a'], ['..'], ['a/b'], ['']]) {
      const writer = new TreeWriter();
      expect(() => names.forEach((name) => writer.add(sampleNode(name)))).toThrow(expect.objectContaining({ code: 'internal' }));
    }
  });

  it('keeps any names, targets and attributes', () => {
    const text = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => decodeText(bytes));
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 60 })
      .filter((bytes) => !bytes.includes(0) && !bytes.includes(0x2f) && bytes[0] !== 0x2e);
    const node = fc.record({ name, linkTarget: text, user: fc.string(), inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) });
    fc.assert(
      fc.property(fc.uniqueArray(node, { selector: (each) => each.name.join() }), (drafts) => {
        const wanted = drafts
          .map(({ name, ...rest }) => sampleNode(Buffer.from(name), rest))
          .sort((a, b) => Buffer.compare(a.name, b.name));
        const writer = new TreeWriter();
        for (const each of wanted) writer.add(each);
        expect([...readTree(writer.finish())].map((each) => ({ ...each, content: each.content?.length }))).toEqual(
          wanted.map((each) => ({ ...each, content: 0 })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('of any bytes is read or refused', () => {
    const whole = Buffer.from(tree(...Object.values(nodes)));
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let bytes = Buffer.from(whole);
        for (const { at, byte, cut } of changes) {
          if (at >= bytes.length) continue;
          if (cut) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (byte % 16))]);
          else bytes[at] = byte;
        }
        try {
          for (const node of readTree(bytes)) nodeToEntry(node, rootPath);
          return true;
        } catch (error) {
          return isHoldfastError(error, 'state-damaged');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an entry', () => {
  const times = new TimeFormatter('Europe/Berlin');
  const identity = { dev: 65024n, ino: 7n, nlink: 2, ctimeNs: 5n };
  const metadata = {
    mtimeNs: -1n,
    atimeNs: 9n,
    mode: 0o7751,
    uid: 4_000_000_000,
    gid: 3,
    user: 'ü',
    xattrs: new Map([['user.a', Buffer.of(1)]]),
  };
  const path = 'a\udcff' as RelPath;
  const entries: readonly Entry[] = [
    { path, metadata, identity, kind: 'file', size: 2n ** 60n },
    { path, metadata, identity: { ...identity, nlink: 0 }, kind: 'directory' },
    { path, metadata, identity, kind: 'symlink', target: '../\udc80' },
    { path, metadata, identity: { ...identity, nlink: 0 }, kind: 'fifo' },
    { path, metadata, identity, kind: 'char-device', device: (1n << 32n) | 3n },
    { path, metadata, identity, kind: 'block-device', device: (259n << 32n) | 70_000n },
  ];

  it.each(entries)('of kind $kind comes back as it was', (entry) => {
    const node = entryToNode(entry, entry.kind === 'directory' ? { subtree: computeId(Buffer.of()) } : {}, {
      times,
      keepsAtime: true,
    });
    const writer = new TreeWriter();
    writer.add(node);
    const [again] = readTree(writer.finish());
    expect(nodeToEntry(again as Node, rootPath)).toEqual(entry);
    expect(nodeToEntry(node, 'x/y' as RelPath).path).toBe('x/y/a\udcff');
  });

  it('has the modes that Go gives it', () => {
    const modes = entries.map((entry) => entryToNode(entry, {}, { times }).mode);
    const special = 0o751 + 2 ** 23 + 2 ** 22 + 2 ** 20;
    expect(modes).toEqual([0, 2 ** 31, 2 ** 27, 2 ** 25, 2 ** 26 + 2 ** 21, 2 ** 26].map((bits) => bits + special));
  });

  it('has its time of modification for that of access unless asked otherwise', () => {
    const [file] = entries as readonly [Entry];
    expect(entryToNode(file, {}, { times })).toMatchObject({
      mtime: '1970-01-01T00:59:59.999999999+01:00',
      atime: '1970-01-01T00:59:59.999999999+01:00',
    });
  });

  it('of which little is known has what does no harm', () => {
    const node = entryToNode({ path, metadata: {}, kind: 'file', size: 5n }, { size: 3n }, { times });
    expect(node).toMatchObject({ mode: 0o644, size: 3n, mtime: '0001-01-01T00:00:00Z', inode: 0n });
    expect(nodeToEntry(node, rootPath)).toEqual({ path, kind: 'file', size: 3n, metadata: { mode: 0o644, uid: 0, gid: 0 } });
  });

  it('of a disk is refused', () => {
    const image: Entry = { path, metadata: {}, kind: 'image', size: 1n, sectorSize: 512 };
    expect(() => entryToNode(image, {}, { times })).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});

it('device numbers are those of makedev(3)', () => {
  expect(toDeviceNumber((1n << 32n) | 3n)).toBe(259n);
  expect(toDeviceNumber((0xabcdefn << 32n) | 0x123456n)).toBe((0xabcn << 44n) | (0x1234n << 20n) | (0xdefn << 8n) | 0x56n);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (device) => fromDeviceNumber(toDeviceNumber(device)) === device),
  );
});
