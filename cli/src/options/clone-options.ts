import { type CloneRequest, type KeepRule, type Override, parseKeepRule, parseShare, type Share } from '@holdfast/core';
import type { Command } from 'commander';
import { addCopyOptions, type CopyFlags, readCopyOptions } from './copy-options.ts';
import { addSelectionOptions, readSelection, type SelectionOptions } from './selection-options.ts';
import { flag, listOption, oneOf, valueOption } from './value-option.ts';

interface CloneFlags extends CopyFlags, SelectionOptions {
  readonly safetyNet: boolean;
  readonly safetyNetKeep?: readonly KeepRule[];
  readonly delete: boolean;
  readonly maxDelete?: Share;
  readonly checksum?: boolean;
  readonly quick?: boolean;
  readonly snapshot: CloneRequest['snapshot'];
}

const safety = 'Safety:';
const compare = 'How to compare:';
const overrides: readonly (readonly [Override, string])[] = [
  ['allow-empty-source', 'go on although the source is empty and was not before'],
  ['adopt-source', 'go on although the source is another file system than before'],
  ['adopt-destination', 'move what else is in the destination to the safety net'],
  ['adopt-volume', 'go on although the destination is on another volume than before'],
  ['allow-nested', 'go on although the destination lies within the source, and leave it out'],
  ['allow-low-space', 'go on although there seems to be too little room'],
  ['allow-same-disk', 'go on although both are on the same disk'],
];
const snapshotChoices = ['auto', 'off', 'required'] as const;

export function addCloneOptions(command: Command): void {
  addCopyOptions(command);
  command
    .addOption(flag('--checksum', 'compare contents, not size and times', compare).conflicts('quick'))
    .addOption(flag('--quick', 'trust the records for what is at the destination', compare))
    .addOption(
      valueOption('--snapshot <WHEN>', 'freeze the source first: auto (where it can be), off, required', {
        group: compare,
        choices: snapshotChoices,
        parse: oneOf(snapshotChoices),
      }).default('auto'),
    );
  addSafetyOptions(command);
  addSelectionOptions(command);
}

function addSafetyOptions(command: Command): void {
  command
    .addOption(flag('--safety-net', 'keep what is replaced or deleted (default)', safety).default(true))
    .addOption(flag('--no-safety-net', 'replace and delete for good', safety))
    .addOption(
      listOption(
        '--safety-net-keep <RULE>',
        'how long or how much: 30d, 100G, free=50G, free=10%; any replaces the defaults (30d, free=10%)',
        {
          group: safety,
          parse: parseKeepRule,
        },
      ),
    )
    .addOption(flag('--delete', 'delete what the source does not have (default)', safety).default(true))
    .addOption(flag('--no-delete', 'leave at the destination what the source does not have', safety))
    .addOption(
      valueOption('--max-delete <N|N%>', 'refuse a run that would delete more files (default: 50%)', {
        group: safety,
        parse: parseShare,
      }),
    );
  for (const [name, description] of overrides) command.addOption(flag(`--${name}`, description, safety));
}

/** The request of `clone SOURCE DESTINATION` with the options that `addCloneOptions` declares. */
export async function readCloneRequest(source: string, destination: string, options: object): Promise<CloneRequest> {
  const flags = options as CloneFlags;
  const { safetyNet, safetyNetKeep, maxDelete, checksum = false, quick = false, snapshot } = flags;
  return {
    ...readCopyOptions(flags),
    selection: await readSelection(flags),
    source,
    destination,
    safetyNet,
    ...(safetyNetKeep === undefined ? {} : { keepRules: safetyNetKeep }),
    deletes: flags.delete,
    ...(maxDelete === undefined ? {} : { maxDelete }),
    overrides: new Set(overrides.map(([name]) => name).filter((name) => isSet(options, name))),
    checksum,
    quick,
    snapshot,
  };
}

/** Whether `--NAME` was given; the parser keeps it under its name in camel case. */
function isSet(options: object, name: string): boolean {
  const key = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return (options as Readonly<Record<string, unknown>>)[key] === true;
}
