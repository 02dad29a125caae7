import { HoldfastError, readEnvironment, systemClock, toHoldfastError } from '@holdfast/core';
import type { GeneralOptions } from '../options/general-options.ts';
import { Screen } from '../terminal/screen.ts';
import { findVerb, locateVerb } from './locate-verb.ts';
import { parseVerb } from './parse-verb.ts';
import { Session, type SessionOptions, type World } from './session.ts';
import { watchStopSignals } from './stop-signals.ts';
import type { VerbEntry } from './verb.ts';
import { verbTable } from './verb-table.ts';

/** Runs the program with the words after its name. Resolves with the exit code; never rejects. */
export async function runProgram(words: readonly string[]): Promise<number> {
  let lost: NodeJS.ErrnoException | undefined;
  const { stdout, stderr } = process;
  const screen = new Screen({ stdout, stderr, environment: readEnvironment, onOutputLost: (error) => (lost = error) });
  let session: Session | undefined;
  using stop = watchStopSignals(
    process,
    new Set(readEnvironment('HOLDFAST_IGNORE_HANGUP') === undefined ? [] : ['SIGHUP']),
    () => session?.reporter.note('Stopping after what is in hand. Once more (Ctrl-C) stops at once.'),
    () => {
      session?.fail(new HoldfastError('interrupted', 'Stopped at once.'));
      screen.close();
    },
  );
  const world: World = { screen, clock: systemClock, environment: readEnvironment, signal: stop.signal };
  const begin = (options: SessionOptions): Session => (session = new Session(world, options));
  const fail = (error: HoldfastError): never => {
    (session ?? begin(guessOptions(words))).fail(error);
    screen.close();
    process.exit(error.row.exit);
  };
  process.on('uncaughtException', (error) => fail(new HoldfastError('internal', error.message, { cause: error })));
  // Nothing is left that could go on, and yet the verb has not ended: it waits for what never comes.
  const stuck = (): never => fail(new HoldfastError('internal', 'The program came to a stop in the middle of its work.'));
  process.once('beforeExit', stuck);
  const exitCode = await runWords(words, begin);
  process.off('beforeExit', stuck);
  screen.close();
  await screen.drain();
  if (lost === undefined) return exitCode;
  process.stderr.write(`error: the output cannot be written: ${lost.message}\n`);
  return exitCode === 0 ? 1 : exitCode;
}

async function runWords(words: readonly string[], begin: (options: SessionOptions) => Session): Promise<number> {
  let session: Session | undefined;
  try {
    const { entry, rest } = chooseVerb(words);
    const verb = await entry.load();
    const parsed = parseVerb(entry.name, verb, rest);
    session = begin(parsed.options);
    const exitCode = await verb.run({ words: parsed.words, options: parsed.options, session, verbs: verbTable });
    session.finish(exitCode);
    return exitCode;
  } catch (error) {
    session ??= begin(guessOptions(words));
    return session.fail(toHoldfastError(error));
  }
}

/** The verb that is called, or `help` for it. */
function chooseVerb(words: readonly string[]): { readonly entry: VerbEntry; readonly rest: readonly string[] } {
  const options = beforeDashes(words);
  const { entry, rest } = locateVerb(
    words.filter((word) => word !== '--help' && word !== '-h'),
    verbTable,
  );
  if (options.includes('--help') || options.includes('-h')) {
    return {
      entry: findVerb('help', verbTable),
      rest: [...(entry === undefined ? [] : entry.name.split(' ')), ...commonWords(options)],
    };
  }
  if (entry !== undefined) return { entry, rest };
  if (options.includes('--version') || options.includes('-V'))
    return { entry: findVerb('version', verbTable), rest: commonWords(options) };
  if (rest.length === 0) throw new HoldfastError('usage', 'Nothing to do was named.', { hint: 'See `holdfast help`.' });
  throw new HoldfastError('usage', 'No command was named.', { hint: 'See `holdfast help` for all commands.' });
}

/** What can be known of the common options when the command line is wrong. */
function guessOptions(words: readonly string[]): Pick<GeneralOptions, 'json' | 'quiet' | 'verbose' | 'progress'> {
  const options = beforeDashes(words);
  return { json: options.includes('--json'), quiet: false, verbose: options.includes('-vv') ? 2 : 0, progress: false };
}

function commonWords(words: readonly string[]): string[] {
  return words.filter((word) => word === '--json');
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  return dashes < 0 ? words : words.slice(0, dashes);
}
