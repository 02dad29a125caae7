import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { Destination, ObjectInfo } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { comparePaths, joinPath } from '../paths/rel-path.ts';
import { bytesOf, contentOf } from '../testing/byte-content.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import type { ConformanceLimits } from './conformance-limits.ts';
import { fail } from './expectations.ts';

export interface CheckSetting {
  readonly destination: Destination;
  /** Opens the same storage once more, as another process would. */
  readonly open: () => Promise<Destination>;
  readonly root: RelPath;
  readonly limits: ConformanceLimits;
  readonly seed: number;
}

/** What a check works with: a place of its own at the destination, and what goes away when it is over. */
export class CheckContext implements AsyncDisposable {
  readonly destination: Destination;
  /** Below it the check may do what it likes; nothing is there yet. */
  readonly root: RelPath;
  readonly limits: ConformanceLimits;
  readonly random: SeededRandom;
  /** Of `random`: the same one repeats the check. */
  readonly seed: number;
  readonly #open: () => Promise<Destination>;
  readonly #opened = new AsyncDisposableStack();

  constructor({ destination, open, root, limits, seed }: CheckSetting) {
    this.destination = destination;
    this.root = root;
    this.limits = limits;
    this.seed = seed;
    this.random = new SeededRandom(seed);
    this.#open = open;
  }

  /** A capability that the check needs. */
  capability<Name extends keyof DestinationCapabilities>(name: Name): NonNullable<DestinationCapabilities[Name]> {
    return this.destination.capabilities[name] ?? fail(`the destination has no ${name}`);
  }

  /** The key of a name below the root. */
  key(name: string): RelPath {
    return joinPath(this.root, name);
  }

  put(name: string, data: string | Uint8Array): Promise<ObjectInfo> {
    return this.destination.write(this.key(name), contentOf(data), {});
  }

  get(name: string): Promise<Buffer> {
    return bytesOf(this.destination.read(this.key(name), {}));
  }

  stat(name: string): Promise<ObjectInfo | undefined> {
    return this.destination.stat(this.key(name), {});
  }

  /** Everything that is listed below a name, by its name below the root. */
  async infos(name = ''): Promise<Map<string, ObjectInfo>> {
    const infos = new Map<string, ObjectInfo>();
    for await (const page of this.destination.list(this.key(name), {})) {
      for (const info of page) infos.set(this.nameOf(info.key), info);
    }
    return infos;
  }

  /** Names of everything listed that is no directory, in tree order. */
  async names(name = ''): Promise<string[]> {
    const infos = [...(await this.infos(name))].filter(([, info]) => info.kind !== 'directory');
    return sortNames(infos.map(([each]) => each));
  }

  nameOf(key: RelPath): string {
    return this.root === '' ? key : key.slice(this.root.length + 1);
  }

  /** The same storage, opened once more. */
  async open(): Promise<Destination> {
    return this.#opened.use(await this.#open());
  }

  /** Absolute path of an empty directory on this machine. */
  async localDirectory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
    this.#opened.defer(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened[Symbol.asyncDispose]();
  }
}

/** In tree order. */
export function sortNames(names: readonly string[]): string[] {
  return [...names].sort((a, b) => comparePaths(a as RelPath, b as RelPath));
}
