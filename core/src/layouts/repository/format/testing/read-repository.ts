import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMasterKey } from '../crypto/open-master-key.ts';
import { parseKeyFile } from '../crypto/key-file.ts';
import type { MasterKey } from '../crypto/master-key.ts';
import { Sealer } from '../crypto/sealer.ts';
import { readIndex } from '../documents/read-index.ts';
import { openConfig, type RepositoryConfig } from '../documents/repository-config.ts';
import { parseSnapshot, type SnapshotFile } from '../documents/snapshot-file.ts';
import { openUnpacked } from '../documents/unpacked-file.ts';
import { formatId, isIdName, parseId } from '../object-id.ts';
import type { BlobList, PackedBlob } from '../pack/blob-list.ts';
import { openBlob } from '../pack/open-blob.ts';
import { locateHeader, openHeader } from '../pack/pack-header.ts';

/** A repository in a folder, whole in memory. Ids in hexadecimal. */
export interface RepositoryContent {
  readonly config: RepositoryConfig;
  readonly master: MasterKey;
  readonly sealer: Sealer;
  readonly snapshots: ReadonlyMap<string, SnapshotFile>;
  /** The JSON of index files and snapshots. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
  /** By the packs themselves, and by the index. */
  readonly packs: ReadonlyMap<string, BlobList>;
  readonly indexed: ReadonlyMap<string, BlobList>;
  /** Packs in no index whose header cannot be opened. */
  readonly unreadable: readonly string[];
  /** Plaintext, under `tree ID` or `data ID`. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** Opens everything that is in a repository by what this folder has. */
export async function readRepository(folder: string, password: string): Promise<RepositoryContent> {
  const keys = list(folder, 'keys').map((name) => parseKeyFile(readFileSync(join(folder, 'keys', name))));
  const { master } = await openMasterKey(keys, password);
  const sealer = new Sealer(master);
  const config = openConfig(sealer, readFileSync(join(folder, 'config')));
  const documents = new Map<string, Uint8Array>();
  const open = (kind: string, name: string): Uint8Array => {
    const file = { id: parseId(name), bytes: readFileSync(join(folder, kind, name)) };
    const json = openUnpacked(sealer, file, `${kind}/${name}`);
    documents.set(name, json);
    return json;
  };
  const indexed = new Map<string, BlobList>();
  for (const name of list(folder, 'index')) {
    for (const pack of readIndex(open('index', name), config.version)) indexed.set(formatId(pack.id), pack.blobs);
  }
  const snapshots = new Map(list(folder, 'snapshots').map((name) => [name, parseSnapshot(open('snapshots', name))]));
  const blobs = new Map<string, Uint8Array>();
  const packs = new Map<string, BlobList>();
  const unreadable: string[] = [];
  for (const name of list(folder, 'data')) {
    const bytes = readFileSync(join(folder, 'data', name.slice(0, 2), name));
    const { start, length } = locateHeader(bytes.subarray(-4), bytes.length);
    const sealed = bytes.subarray(start, start + length);
    if (!indexed.has(name) && sealer.open(sealed) === undefined) {
      unreadable.push(name);
      continue;
    }
    const header = openHeader(sealer, sealed, start, config.version);
    packs.set(name, header);
    for (const blob of header)
      blobs.set(keyOf(blob), openBlob(sealer, bytes.subarray(blob.offset, blob.offset + blob.length), blob));
  }
  return { config, master, sealer, snapshots, documents, packs, indexed, unreadable, blobs };
}

function keyOf({ type, id }: Pick<PackedBlob, 'type' | 'id'>): string {
  return `${type} ${formatId(id)}`;
}

function list(folder: string, kind: string): string[] {
  const names = readdirSync(join(folder, kind), { recursive: kind === 'data', encoding: 'utf8' });
  return names.map((name) => name.slice(name.lastIndexOf('/') + 1)).filter(isIdName);
}
