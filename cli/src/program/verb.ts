import type { Command } from 'commander';
import type { Session } from './session.ts';

/** A command line of `holdfast` and what it is for. */
export type Example = readonly [command: string, meaning: string];

/** What a verb is given: its words and options, checked, and the session to do it in. */
interface Invocation<Options = object> {
  /** In their order; those that may be left out are undefined. */
  readonly words: readonly (string | undefined)[];
  readonly options: Options;
  readonly session: Session;
  /** Every verb of the program. */
  readonly verbs: readonly VerbEntry[];
}

/** One thing that the program does. Declares words and options; whatever is heavy is loaded by `run`. */
export interface Verb {
  /** Shown first by `holdfast help VERB`. */
  readonly examples: readonly Example[];
  /** A paragraph each, shown after the examples. */
  readonly description: readonly string[];
  /** What is said when there are more words than it takes. */
  readonly tooManyWords?: string;
  /** Adds words and options to an empty command. */
  define(command: Command): void;
  /** Resolves with the exit code; what it rejects with is reported as the error that ended the program. */
  run(invocation: Invocation): Promise<number>;
}

/** A verb that is loaded when it is called. */
export interface VerbEntry {
  /** One word or two, as the user writes them. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}
