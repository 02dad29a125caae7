import { pipeline } from 'node:stream/promises';
import { type Header, pack, type Pack } from 'tar-stream';
import type { CallOptions } from '../contracts/call-options.ts';
import type { Entry, EntryMetadata } from '../contracts/entry.ts';
import type { Source } from '../contracts/source.ts';
import { encodeText, parentPath } from '../paths/rel-path.ts';

const kinds: Readonly<Partial<Record<Entry['kind'], Header['type']>>> = {
  'file': 'file',
  'directory': 'directory',
  'symlink': 'symlink',
  'fifo': 'fifo',
  'char-device': 'character-device',
  'block-device': 'block-device',
};

/**
 * A tar archive of a folder: `top`, then `entries`, which lie below it, in tree order. Hard links are links to their first name; sockets
 * have no place in an archive. What the old header cannot hold stands in pax records: long names, times with fractions, attributes as
 * `SCHILY.xattr.NAME`.
 */
export async function* packTar(
  source: Source,
  top: Entry,
  entries: AsyncIterable<Entry>,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const filled = fill(archive, source, top, entries, options).catch((error: unknown) => archive.destroy(error as Error));
  try {
    for await (const piece of archive) yield piece as Uint8Array;
  } finally {
    archive.destroy();
    await filled;
  }
}

async function fill(
  archive: Pack,
  source: Source,
  top: Entry,
  entries: AsyncIterable<Entry>,
  options: CallOptions,
): Promise<void> {
  const above = parentPath(top.path);
  const links = new Map<string, string>();
  const add = async (entry: Entry): Promise<void> => {
    const type = kinds[entry.kind];
    if (type === undefined || entry.path === '') return;
    const [metadata = entry.metadata] = await source.describe([entry], options);
    const name = inBytes(above === '' ? entry.path : entry.path.slice(above.length + 1));
    const header = headerOf(entry, metadata, name, type);
    const first = entry.kind === 'directory' ? undefined : noteLink(links, entry, name);
    if (first !== undefined) return void archive.entry({ ...header, type: 'link', linkname: first, size: 0 });
    if (entry.kind !== 'file') return void archive.entry(header);
    await pipeline(source.content(entry).open(options), archive.entry(header));
  };
  await add(top);
  for await (const entry of entries) await add(entry);
  archive.finalize();
}

function headerOf(entry: Entry, metadata: EntryMetadata, name: string, type: Header['type']): Header {
  const { mode = 0o644, uid = 0, gid = 0, mtimeNs = 0n, user = '', group = '' } = metadata;
  const device = 'device' in entry ? entry.device : 0n;
  return {
    name: entry.kind === 'directory' ? `${name}/` : name,
    type: type ?? 'file',
    mode,
    uid,
    gid,
    uname: user,
    gname: group,
    mtime: new Date(Number(mtimeNs / 1_000_000n)),
    size: entry.kind === 'file' ? Number(entry.size) : 0,
    linkname: entry.kind === 'symlink' ? inBytes(entry.target) : '',
    devmajor: Number(device >> 32n),
    devminor: Number(device & 0xffffffffn),
    pax: paxOf(metadata, mtimeNs),
  };
}

function paxOf({ xattrs }: EntryMetadata, mtimeNs: bigint): Record<string, string> {
  const fraction = ((mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (mtimeNs - fraction) / 1_000_000_000n;
  const pax: Record<string, string> = {};
  if (fraction !== 0n && seconds >= 0n) pax['mtime'] = `${seconds}.${fraction.toString().padStart(9, '0')}`;
  for (const [name, value] of xattrs ?? []) {
    const text = Buffer.from(value).toString('utf8');
    // The library writes records as UTF-8: other bytes would come out as others.
    if (Buffer.from(text).equals(value)) pax[`SCHILY.xattr.${name}`] = text;
  }
  return pax;
}

/** The first name of its inode, where this is not it. */
function noteLink(links: Map<string, string>, { identity }: Entry, name: string): string | undefined {
  if (identity === undefined || identity.nlink < 2) return undefined;
  const inode = `${identity.dev} ${identity.ino}`;
  const first = links.get(inode);
  if (first === undefined) links.set(inode, name);
  return first;
}

/** The library writes names as UTF-8: bytes that are none come out as U+FFFD. */
function inBytes(text: string): string {
  return encodeText(text).toString('utf8');
}
