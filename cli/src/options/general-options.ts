import type { Command } from 'commander';
import { flag, valueOption } from './value-option.ts';

/** What every verb takes. */
export interface GeneralOptions {
  /** Lines of JSON on standard output. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** How often -v was given. */
  readonly verbose: number;
  /** Path of the configuration. */
  readonly config?: string;
  readonly progress: boolean;
  readonly yes: boolean;
}

const group = 'Common options:';

export function addGeneralOptions(command: Command): void {
  command
    .addOption(flag('--json', 'print events as lines of JSON, the last one a summary', group).default(false))
    .addOption(flag('-q, --quiet', 'print errors and warnings only', group).default(false))
    .addOption(
      flag('-v, --verbose', 'list each item as it is done; twice for the log', group)
        .default(0, 'not')
        .argParser((_, before: number) => before + 1),
    )
    .addOption(valueOption('--config <FILE>', 'use this configuration', { group, parse: (written) => written }))
    .addOption(flag('--no-progress', 'show no progress', group))
    .addOption(flag('-y, --yes', 'answer every question with yes', group).default(false));
}
