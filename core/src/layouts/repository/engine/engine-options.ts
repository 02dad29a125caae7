import type { Polynomial } from '../chunker/polynomial.ts';
import type { ChunkLimits } from '../chunker/chunk-limits.ts';
import type { HasBlob } from './claims.ts';
import type { FinishedPack } from './protocol.ts';
import type { MasterKey } from '../format/crypto/master-key.ts';

/** How hard to compress, as users say it; `off` concerns data only: restic compresses directories always. */
export type Compression = 'off' | 'fastest' | 'auto' | 'better' | 'max';

export interface EngineOptions {
  readonly masterKey: MasterKey;
  /** That of the repository's configuration. */
  readonly polynomial: Polynomial;
  /** restic's unless given. */
  readonly limits?: ChunkLimits;
  /** The repository's format; version 1 knows no compression. */
  readonly version: 1 | 2;
  readonly compression: Compression;
  /** Bytes at which a pack is finished; restic's default is 16 MiB. */
  readonly packBytes?: number;
  /** Threads; as many as the machine has processors unless given. */
  readonly threads?: number;
  /** Packs that may be on their way to the repository at once. */
  readonly packsUnderWay?: number;
  /** Asked for every blob; must answer for what the index holds now. */
  readonly has: HasBlob;
  /**
   * Takes a finished pack: stores it and adds its blobs to the index, and resolves then. The pack's bytes are used again afterwards. A
   * rejection ends the engine: everything that waits rejects with it.
   */
  readonly onPack: (pack: FinishedPack) => Promise<void>;
}

/** restic's are levels of another program. At these, `auto` gives packs one hundredth larger than restic's, in less time. */
const levels: Readonly<Record<Exclude<Compression, 'off'>, number>> = { fastest: 1, auto: 2, better: 7, max: 12 };

/** The levels of zstd for directories and for data; undefined where nothing is compressed. */
export function zstdLevels({ version, compression }: Pick<EngineOptions, 'version' | 'compression'>): {
  readonly treeLevel: number | undefined;
  readonly dataLevel: number | undefined;
} {
  if (version === 1) return { treeLevel: undefined, dataLevel: undefined };
  if (compression === 'off') return { treeLevel: levels.auto, dataLevel: undefined };
  return { treeLevel: levels[compression], dataLevel: levels[compression] };
}
