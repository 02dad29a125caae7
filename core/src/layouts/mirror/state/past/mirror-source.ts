import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Content, LocalFile } from '../../../../contracts/content.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { EntryBlock } from '../../../../contracts/entry-block.ts';
import type { Entry, EntryMetadata } from '../../../../contracts/entry.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import type { ScanOptions, Source, SourceTraits } from '../../../../contracts/source.ts';
import { withoutState } from '../../../../entries/without-state.ts';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { rootPath } from '../../../../paths/rel-path.ts';
import { openState } from '../chain/open-state.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { decodeExtras } from '../manifest/row-extras.ts';
import { wholeTree } from '../whole-tree.ts';
import type { ArchivedLinks } from './archived-links.ts';
import { VersionIdentity } from './destination-identity.ts';
import { LinkNames } from './link-names.ts';
import type { KeptLocation, Locator } from './locator.ts';
import { noteChanged } from './note-changed.ts';
import { StateRows } from './state-rows.ts';
import { versionContent } from './version-content.ts';
import { scanVersion } from './version-scan.ts';

export interface MirrorVersion {
  readonly destination: Destination;
  readonly runId: string;
  readonly locator: Locator;
  readonly archivedLinks: ArchivedLinks;
  /** `st_dev` of the mirror's root, where it is on this machine. */
  readonly device: bigint | undefined;
}

/**
 * One version of a mirror as a source: its entries from the manifests, its bytes from where they are now, live or in the safety net.
 * A file that is not kept any more goes to `onSkip` with the reason. `content` and `describe` are for entries that a scan gave.
 */
export class MirrorSource implements Source {
  readonly traits: SourceTraits;
  readonly extents?: NonNullable<Source['extents']>;
  readonly #version: MirrorVersion;
  readonly #rows: StateRows;
  readonly #linkNames: LinkNames;
  /** Where entries are that are not at their own path, or not as they were. */
  readonly #elsewhere = new Map<RelPath, KeptLocation>();

  constructor(version: MirrorVersion) {
    const { displayName, identity, localRoot } = version.destination.traits;
    const { extents } = version.destination.capabilities;
    if (extents !== undefined) this.extents = (entry, options) => extents(this.#locate(entry).key, options);
    this.#version = version;
    const open = (): AsyncIterable<ManifestBlock> => openState(version.destination, version.runId, {});
    this.#rows = new StateRows(open);
    this.#linkNames = new LinkNames(open);
    this.traits = {
      displayName,
      stableIdentity: true,
      ...(identity === undefined ? {} : { identity }),
      ...(localRoot === undefined ? {} : { localRoot }),
    };
  }

  async *scan(options: ScanOptions): AsyncGenerator<EntryBlock> {
    const { destination, runId, locator, archivedLinks, device } = this.#version;
    const identity = new VersionIdentity(device);
    const onElsewhere = (path: RelPath, location: KeptLocation): void => void this.#elsewhere.set(path, location);
    const onChanged = (path: RelPath): void => onElsewhere(path, { kind: 'kept', key: path, isUntouched: false });
    const live = device === undefined ? undefined : scanLive(destination, options);
    const state = openState(destination, runId, options);
    const checked = live === undefined ? state : noteChanged(state, live, onChanged);
    const rows = scanVersion(checked, { destination, locator, archivedLinks, linkNames: this.#linkNames, options, onElsewhere });
    for await (const block of rows) yield identity.toEntryBlock(block);
  }

  async describe(entries: readonly Entry[], options: CallOptions): Promise<readonly EntryMetadata[]> {
    const extras = await this.#rows.extrasOf(entries.map(({ path }) => path));
    return Promise.all(entries.map((entry, index) => this.#describeOne(entry, extras[index], options)));
  }

  content(entry: Entry): Content {
    const { path, metadata } = entry;
    const { key } = this.#locate(entry);
    const local = this.#localFile(entry);
    if (entry.kind === 'file' || entry.kind === 'image') {
      return versionContent(this.#version.destination, { path, size: entry.size, mtimeNs: metadata.mtimeNs, key, local });
    }
    return { size: 0n, open: nothing, ...(local === undefined ? {} : { local }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rows[Symbol.asyncDispose]();
  }

  #locate({ path }: Entry): Pick<KeptLocation, 'key' | 'isUntouched'> {
    return this.#elsewhere.get(path) ?? { key: path, isUntouched: true };
  }

  /** Only what is in every respect as the version had it: who copies from a local file takes its metadata too. */
  #localFile(entry: Entry): LocalFile | undefined {
    const { destination, device } = this.#version;
    const { localRoot: root } = destination.traits;
    const { key, isUntouched } = this.#locate(entry);
    if (root === undefined || !isUntouched || entry.identity === undefined || entry.identity.dev !== device) return undefined;
    return { root, path: key, dev: device, ino: entry.identity.ino };
  }

  /** What was recorded goes before what the copy itself has, which is asked only for what no record holds. */
  async #describeOne(entry: Entry, extras: Uint8Array | undefined, options: CallOptions): Promise<EntryMetadata> {
    const recorded = extras === undefined ? {} : decodeExtras(extras).metadata;
    const own =
      recorded.xattrs === undefined || recorded.flags === undefined ? await this.#readOwn(this.#locate(entry).key, options) : {};
    const { xattrs, flags } = own;
    return {
      ...(xattrs === undefined ? {} : { xattrs }),
      ...(flags === undefined ? {} : { flags }),
      ...entry.metadata,
      ...recorded,
    };
  }

  /** What the copy has of itself. An entry that is gone meanwhile has nothing; its content says so. */
  async #readOwn(key: RelPath, options: CallOptions): Promise<EntryMetadata> {
    try {
      return (await this.#version.destination.capabilities.metadata?.read(key, options)) ?? {};
    } catch (error) {
      if (isHoldfastError(error, 'not-found')) return {};
      throw error;
    }
  }
}

/** What is at the destination now; undefined where it cannot be listed as a tree. */
function scanLive(
  destination: Destination,
  { signal, selection: { paths } }: ScanOptions,
): AsyncIterable<EntryBlock> | undefined {
  const ignore = (): void => undefined;
  const selection = { ...wholeTree, paths, includeState: false };
  const options = { selection, onSkip: ignore, onExclude: ignore, ...(signal === undefined ? {} : { signal }) };
  const scan = destination.capabilities.directories?.scan(rootPath, options);
  return scan === undefined ? undefined : withoutState(scan, selection);
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // What is no file has no bytes.
}
