import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isIdName } from '../../format/object-id.ts';
import { folderOf, type ObjectKind, objectKey } from '../object-kind.ts';
import type { ObjectCache } from './object-cache.ts';

const kept: ReadonlySet<ObjectKind> = new Set(['index', 'snapshot', 'pack']);

/** Keeps objects in a folder of this machine, which may be deleted at any time. */
export class FolderCache implements ObjectCache {
  readonly #folder: string;
  readonly #token: string;
  #written = 0;

  /** @param token of this process alone, in the names of what is not finished yet */
  constructor(folder: string, token: string) {
    this.#folder = folder;
    this.#token = token;
  }

  async read(kind: ObjectKind, id: string): Promise<Uint8Array | undefined> {
    if (!kept.has(kind)) return undefined;
    return readFile(this.#pathOf(kind, id)).catch(() => undefined);
  }

  async readPack(id: string, offset: number, length: number): Promise<Uint8Array | undefined> {
    try {
      await using file = await open(this.#pathOf('pack', id), 'r');
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } catch {
      return undefined;
    }
  }

  async write(kind: ObjectKind, id: string, bytes: Uint8Array): Promise<void> {
    if (!kept.has(kind)) return;
    const path = this.#pathOf(kind, id);
    const temporary = `${path}-${this.#token}-${String(this.#written++)}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' });
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  async remove(kind: ObjectKind, id: string): Promise<void> {
    if (kept.has(kind)) await rm(this.#pathOf(kind, id), { force: true }).catch(() => undefined);
  }

  async list(kind: ObjectKind): Promise<string[]> {
    const names = await readdir(join(this.#folder, folderOf(kind)), { recursive: true }).catch(() => []);
    return names.map((name) => basename(name)).filter(isIdName);
  }

  #pathOf(kind: ObjectKind, id: string): string {
    return join(this.#folder, objectKey(kind, id));
  }
}
