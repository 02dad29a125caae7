import type { Compression } from '../../layouts/repository/engine/engine-options.ts';
import type { CloneRequest, CopyOptions } from '../requests.ts';
import type { RepositoryAccess } from './repository-requests.ts';

/** Where the contents of a file come from that is no file: standard input, or what a command prints. */
export interface StreamSource {
  /** Of the file in the version. */
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

export interface BackupRequest extends CopyOptions {
  /** Locations as the user writes them; none where there is a `stream`. */
  readonly sources: readonly string[];
  readonly stream?: StreamSource;
  readonly repository: RepositoryAccess;
  readonly tags: readonly string[];
  /** Absent: this machine's name. */
  readonly host?: string;
  /** Absent: now. */
  readonly time?: Date;
  /** The snapshot to compare with; `none` for none. Absent: the newest of the same host and paths. */
  readonly parent?: { readonly id: string } | 'none';
  readonly compression: Compression;
  /** Bytes. */
  readonly packBytes?: number;
  readonly skipIfUnchanged: boolean;
  /** Absent: this machine's time zone. */
  readonly timeZone?: string;
  readonly snapshot: CloneRequest['snapshot'];
  /** Of this program, for the snapshot. */
  readonly version: string;
}
