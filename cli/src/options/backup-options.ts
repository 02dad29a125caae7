import { type BackupRequest, HoldfastError, parseSize } from '@holdfast/core';
import type { Command } from 'commander';
import type { World } from '../program/session.ts';
import { parseMoment } from './parse-moment.ts';
import { addCopyOptions, type CopyFlags, readCopyOptions } from './copy-options.ts';
import { addRepositoryOptions, readRepositoryAccess } from './repository-options.ts';
import { addSelectionOptions, readSelection, type SelectionOptions } from './selection-options.ts';
import { readStream } from './stream-option.ts';
import { flag, listOption, oneOf, valueOption } from './value-option.ts';

interface BackupFlags extends CopyFlags, SelectionOptions {
  readonly repo: readonly string[];
  readonly tag?: readonly string[];
  readonly host?: string;
  readonly time?: Date;
  readonly parent?: string;
  readonly force?: boolean;
  readonly compression: BackupRequest['compression'];
  readonly packSize?: number;
  readonly skipIfUnchanged?: boolean;
  readonly stdin?: string;
  readonly stdinFromCommand?: string;
  readonly timeZone?: string;
  readonly snapshot: BackupRequest['snapshot'];
}

const version = 'The version:';
const how = 'How to store:';
const from = 'Where it comes from:';
const asWritten = (written: string): string => written;
const compressions = ['auto', 'off', 'fastest', 'better', 'max'] as const;
const snapshots = ['auto', 'off', 'required'] as const;
/** Bounds of restic, which must be able to read what we write. Bytes. */
const PACK_BYTES = { least: 4n << 20n, most: 128n << 20n };

export function addBackupOptions(command: Command): void {
  command.addOption(
    listOption('--repo <LOCATION>', 'the repository that the version goes to', {
      group: version,
      parse: asWritten,
    }).makeOptionMandatory(),
  );
  addVersionOptions(command);
  addStoreOptions(command);
  addCopyOptions(command);
  addSelectionOptions(command);
  addRepositoryOptions(command);
}

function addVersionOptions(command: Command): void {
  command
    .addOption(listOption('--tag <TAG>', 'a word to find the version by', { group: version, parse: asWritten }))
    .addOption(
      valueOption('--host <NAME>', "the machine's name in the version (default: its own)", { group: version, parse: asWritten }),
    )
    .addOption(
      valueOption('--time <TIME>', 'the time of the version (default: now): 2026-11-23T10:00', {
        group: version,
        parse: parseMoment,
      }),
    )
    .addOption(
      valueOption('--parent <SNAPSHOT>', 'compare with this version (default: the newest of the same host and paths)', {
        group: version,
        parse: asWritten,
      }).conflicts('force'),
    )
    .addOption(flag('--force', 'compare with none: read every file again', version))
    .addOption(flag('--skip-if-unchanged', 'make no version where nothing changed', version));
}

function addStoreOptions(command: Command): void {
  command
    .addOption(
      valueOption('--compression <MODE>', 'how hard to compress: auto, off, fastest, better, max', {
        group: how,
        choices: compressions,
        parse: oneOf(compressions),
      }).default('auto'),
    )
    .addOption(
      valueOption('--pack-size <SIZE>', 'size of the files in the repository, 4M to 128M (default: 16M)', {
        group: how,
        parse: parsePackSize,
      }),
    )
    .addOption(
      valueOption('--time-zone <ZONE>', "write times in this zone (default: the machine's)", { group: how, parse: asWritten }),
    )
    .addOption(
      valueOption('--snapshot <WHEN>', 'freeze the sources first: auto (where it can be), off, required', {
        group: from,
        choices: snapshots,
        parse: oneOf(snapshots),
      }).default('auto'),
    )
    .addOption(valueOption('--stdin <NAME>', 'store standard input as a file of this name', { group: from, parse: asWritten }))
    .addOption(
      valueOption('--stdin-from-command <COMMAND>', 'store what this command prints (name it with --stdin)', {
        group: from,
        parse: asWritten,
      }),
    );
}

/** The requests of `backup SOURCE... --repo LOCATION...`, one for each repository. `program` is the version of this program. */
export async function readBackupRequests(
  sources: readonly string[],
  options: object,
  world: World,
  program: string,
): Promise<BackupRequest[]> {
  const flags = options as BackupFlags;
  const { repo, tag = [], host, time, parent, compression, packSize, skipIfUnchanged = false, timeZone, snapshot } = flags;
  const stream = readStream(flags, sources, world.signal);
  const shared = {
    ...readCopyOptions(flags),
    selection: await readSelection(flags),
    sources,
    ...(stream === undefined ? {} : { stream }),
    tags: tag,
    ...(host === undefined ? {} : { host }),
    ...(time === undefined ? {} : { time }),
    ...(flags.force === true ? { parent: 'none' as const } : parent === undefined ? {} : { parent: { id: parent } }),
    compression,
    ...(packSize === undefined ? {} : { packBytes: packSize }),
    skipIfUnchanged,
    ...(timeZone === undefined ? {} : { timeZone }),
    snapshot,
    version: program,
  };
  return repo.map((location) => ({ ...shared, repository: readRepositoryAccess(location, options, world) }));
}

function parsePackSize(written: string): number {
  const bytes = parseSize(written);
  if (bytes < PACK_BYTES.least || bytes > PACK_BYTES.most)
    throw new HoldfastError('usage', `"${written}" is no size of a pack.`, { hint: 'Write 4M to 128M.' });
  return Number(bytes);
}
