import { execFileSync } from 'node:child_process';
import { linkSync, lutimesSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../../../test/fixtures/temporary-folder.ts';
import { resticLimits } from '../chunker/chunk-limits.ts';
import { RabinChunker } from '../chunker/rabin-chunker.ts';
import { writeSnapshot } from './documents/snapshot-file.ts';
import { writeIndex } from './documents/write-index.ts';
import { unicode13Dialect } from './go-text/text-dialect.ts';
import { quoteName } from './go-text/quote-name.ts';
import { TimeFormatter } from './go-text/time-formatter.ts';
import { computeId, formatId } from './object-id.ts';
import { expectedPackBytes } from './pack/pack-header.ts';
import { readRepository, type RepositoryContent } from './testing/read-repository.ts';
import { scanFolder } from './testing/scan-folder.ts';
import { entryToNode } from './tree/entry-to-node.ts';
import { readTree } from './tree/read-tree.ts';
import { TreeWriter } from './tree/tree-writer.ts';

const ZONE = 'Europe/Berlin';
const version = tryRestic();

function tryRestic(): string {
  try {
    return execFileSync('restic', ['version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** The two tables of printable characters differ, and only old versions are sure to have the one that is asked for here. */
const isOld = /^restic 0\.1[0-4]\./.test(version);

describe.skipIf(!isOld)(
  `a repository of ${isOld ? version.trim() : 'restic (skipped: it is not there in a version up to 0.14)'}`,
  () => {
    let folder: TemporaryFolder;
    let source: string;
    let content: RepositoryContent;

    beforeAll(async () => {
      folder = await makeTemporaryFolder();
      source = join(folder.path, 'source');
      mkdirSync(source);
      fillSource(source);
      writeFileSync(join(folder.path, 'password'), 'geheim\n');
      const restic = (...rest: string[]): void => {
        const options = ['-q', '--no-cache', '-r', join(folder.path, 'repo'), '--password-file', join(folder.path, 'password')];
        execFileSync('restic', [...options, ...rest], { env: { PATH: '/usr/bin:/bin', TZ: ZONE, HOME: folder.path } });
      };
      restic('init', '--repository-version', '2');
      restic('backup', '--tag', 'a<b', '--exclude', 'nothing', source);
      restic('backup', '--tag', 'second', source);
      content = await readRepository(join(folder.path, 'repo'), 'geheim');
    }, 120_000);
    afterAll(async () => folder[Symbol.asyncDispose]());

    it('is understood whole: its index is what its packs say', () => {
      expect(content.config).toMatchObject({ version: 2, unknown: new Map() });
      expect(content.snapshots.size).toBe(2);
      expect([...content.indexed.keys()].sort()).toEqual([...content.packs.keys()].sort());
      for (const [id, blobs] of content.packs) {
        expect([...(content.indexed.get(id) ?? [])].sort((a, b) => a.offset - b.offset)).toEqual([...blobs]);
        const file = readFileSync(join(folder.path, 'repo/data', id.slice(0, 2), id));
        expect(expectedPackBytes(blobs)).toBe(file.length);
      }
    });

    it('comes out as it went in: directories, snapshots and indexes', () => {
      for (const [key, plain] of content.blobs) {
        if (!key.startsWith('tree')) continue;
        const writer = new TreeWriter(unicode13Dialect);
        for (const node of readTree(plain)) writer.add(node);
        expect(Buffer.from(writer.finish()).toString()).toBe(Buffer.from(plain).toString());
      }
      for (const [id, snapshot] of content.snapshots) {
        expect(writeSnapshot(snapshot).toString()).toBe(Buffer.from(content.documents.get(id) ?? []).toString());
      }
      for (const json of content.documents.values()) {
        const text = Buffer.from(json).toString();
        if (!text.startsWith('{"packs"')) continue;
        const { packs } = JSON.parse(text) as { packs: readonly { id: string }[] };
        const again = packs.map(({ id }) => ({ id: Buffer.from(id, 'hex'), blobs: content.indexed.get(id) ?? [] }));
        expect(writeIndex(again).toString()).toBe(text);
      }
    });

    it('has the directories that we make of the same files', { timeout: 120_000 }, () => {
      const times = new TimeFormatter(ZONE);
      const { polynomial } = content.config;
      const chunk = (data: Uint8Array): Uint8Array => {
        if (data.length === 0) return data;
        const chunker = new RabinChunker(polynomial, resticLimits, Math.max(1, data.length));
        chunker.data.set(data);
        const ends = chunker.cut(0, data.length, true);
        return Buffer.concat(ends.map((end, index) => computeId(data.subarray(ends[index - 1] ?? 0, end))));
      };
      const walk = (path: Buffer): Uint8Array => {
        const writer = new TreeWriter(unicode13Dialect);
        for (const { entry, file } of scanFolder(path)) {
          const data = entry.kind === 'file' ? readFileSync(file) : undefined;
          const own = data === undefined ? {} : { content: chunk(data), size: BigInt(data.length) };
          writer.add(entryToNode(entry, entry.kind === 'directory' ? { subtree: walk(file) } : own, { times }));
        }
        const plain = writer.finish();
        const id = computeId(plain);
        const known = content.blobs.get(`tree ${formatId(id)}`);
        if (known === undefined) expect(Buffer.from(plain).toString().split('},')).toEqual(likely(plain).split('},'));
        return id;
      };
      const likely = (plain: Uint8Array): string => {
        const first = Buffer.from(plain).toString().slice(0, 40);
        const trees = [...content.blobs]
          .filter(([key]) => key.startsWith('tree'))
          .map(([, tree]) => Buffer.from(tree).toString());
        return trees.find((tree) => tree.startsWith(first)) ?? 'no such tree';
      };
      expect(content.blobs.has(`tree ${formatId(walk(Buffer.from(source)))}`)).toBe(true);
    });

    it('quotes every character as we do', () => {
      const trees = [...content.blobs].filter(([key]) => key.startsWith('tree')).map(([, plain]) => plain);
      const names = trees.flatMap((plain) => Array.from(readTree(plain), ({ name }) => quoteName(name, unicode13Dialect)));
      const written = trees.flatMap(
        (plain) => (JSON.parse(Buffer.from(plain).toString()) as { nodes: { name: string }[] }).nodes,
      );
      expect(names).toEqual(written.map(({ name }) => name));
      expect(names.length).toBeGreaterThan(100);
    });
  },
);

function fillSource(source: string): void {
  const inSource = (name: string | Buffer): Buffer => Buffer.concat([Buffer.from(`${source}/`), Buffer.from(name)]);
  const names = [
    'plain',
    'quote"',
    'back\\slash',
    'tab\there',
    '<a>&b',
    'ä\u0301',
    '😀',
    '\u00a0',
    '\u00ad',
    '\u2028',
    '\u0378',
    '\ufeff',
    '\x7f',
  ];
  for (const name of [...names, Buffer.of(0xff, 0x41), Buffer.of(0xed, 0xa0, 0x80), Buffer.of(7, 8, 0x1b)]) {
    writeFileSync(inSource(name), `content of ${name.toString('hex')}`);
  }
  writeFileSync(inSource('empty'), '');
  writeFileSync(inSource('large'), Buffer.alloc(3 << 20, 'some text '));
  linkSync(inSource('plain'), inSource('plain-too'));
  symlinkSync('to/<nowhere>', inSource('symlink'));
  lutimesSync(inSource('symlink'), 1e9 + 0.25, 1e9 + 0.25);
  const hours = [-1e9, -5e9, 0, 1_743_296_399, 1_743_296_400, 1_761_440_399, 1_761_440_400, 1e10];
  for (const seconds of hours) {
    writeFileSync(inSource(`at ${String(seconds)}`), 'x');
    utimesSync(inSource(`at ${String(seconds)}`), seconds, seconds);
  }
  execFileSync('setfattr', ['-n', 'user.zz', '-v', '0x0001ff', inSource('plain').toString()]);
  execFileSync('setfattr', ['-n', 'user.empty', inSource('empty').toString()]);
  execFileSync('chmod', ['7751', inSource('empty').toString()]);
  execFileSync('mkfifo', [inSource('fifo').toString()]);
  if (process.getuid?.() === 0) {
    execFileSync('mknod', [inSource('disk').toString(), 'b', '259', '70000']);
    execFileSync('mknod', [inSource('null').toString(), 'c', '1', '3']);
    execFileSync('chown', ['4000000000:4000000001', inSource('large').toString()]);
  }
  mkdirSync(inSource('characters'));
  mkdirSync(inSource('characters/empty'));
  for (const name of characterNames()) writeFileSync(inSource(Buffer.from(`characters/${name}`)), '');
}

/** Names of all characters in the full tests, of some otherwise; 40 in a name so that it fits. */
function* characterNames(): Generator<string> {
  let name = '';
  for (let codePoint = 1; codePoint < 0x110000; codePoint++) {
    if (codePoint === 0x2f || (codePoint >= 0xd800 && codePoint < 0xe000)) continue;
    if (inject('storm') === 'short' && codePoint > 0x3000 && codePoint % 401 !== 0) continue;
    name += String.fromCodePoint(codePoint);
    if ([...name].length < 40) continue;
    yield name;
    name = '';
  }
}
