import { HoldfastError, parsePathFile, type RestoreRequest } from '@holdfast/core';
import type { Command } from 'commander';
import { addCopyOptions, type CopyFlags, readCopyOptions } from './copy-options.ts';
import { addPatternOptions, readSelection, type SelectionOptions } from './selection-options.ts';
import { addRepositoryOptions, readRepositoryAccess } from './repository-options.ts';
import type { World } from '../program/session.ts';
import { flag, listOption, oneOf, valueOption } from './value-option.ts';

interface RestoreFlags extends CopyFlags, SelectionOptions {
  readonly at?: string;
  readonly path?: readonly string[];
  readonly overwrite: RestoreRequest['overwrite'];
  readonly delete: boolean;
  readonly strip?: boolean;
}

const what = 'What to bring back:';
const existing = 'What is in the target already:';
const overwriteChoices = ['always', 'if-changed', 'if-newer', 'never'] as const;

export function addRestoreOptions(command: Command): void {
  command
    .addOption(
      valueOption('--at <SNAPSHOT>', 'the version: an id or its beginning, latest, latest~2, 2026-11-23, yesterday', {
        group: what,
        parse: (written) => written,
      }),
    )
    .addOption(listOption('--path <PATH>', 'only this path and what is below it', { group: what, parse: parsePath }));
  addPatternOptions(command);
  command
    .addOption(
      valueOption('--overwrite <WHEN>', 'replace files: always, if-changed (default), if-newer, never', {
        group: existing,
        choices: overwriteChoices,
        parse: oneOf(overwriteChoices),
      }).default('if-changed'),
    )
    .addOption(flag('--delete', 'remove from the target what the version does not have', existing).default(false))
    .addOption(flag('--no-delete', 'leave it (default)', existing))
    .addOption(flag('--strip', 'drop the folders that all paths share; a clone has none', what));
  addCopyOptions(command);
  addRepositoryOptions(command);
}

/** The request of `restore FROM TARGET` with the options that `addRestoreOptions` declares. */
export async function readRestoreRequest(from: string, target: string, options: object, world: World): Promise<RestoreRequest> {
  const flags = options as RestoreFlags;
  return {
    ...readCopyOptions(flags),
    selection: await readSelection(flags, flags.path),
    from,
    ...(flags.at === undefined ? {} : { at: flags.at }),
    target,
    overwrite: flags.overwrite,
    deletes: flags.delete,
    strips: flags.strip === true,
    repository: readRepositoryAccess(from, options, world),
  };
}

/** A path of a version, as a user may write it: slashes around it mean nothing. */
function parsePath(written: string): string {
  const [path] = parsePathFile(Buffer.from(`${written}\0`));
  if (path === undefined) throw new HoldfastError('usage', `"${written}" is no path.`);
  return path;
}
