import { stripVTControlCharacters } from 'node:util';
import { chooseColours, type Colours } from './colours.ts';
import { BufferedOutput, type OutputStream } from './output-stream.ts';
import { textWidth } from './text-width.ts';

const DEFAULT_WIDTH = 80;

export interface ScreenOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: (name: string) => string | undefined;
  /** Standard output is lost: its error, or undefined when the reader went away. */
  readonly onOutputLost?: (error: NodeJS.ErrnoException | undefined) => void;
}

/** Results go to standard output, messages and the live line to standard error; neither is ever mixed into the live line. */
export class Screen {
  /** Of results and of messages. */
  readonly colours: { readonly out: Colours; readonly err: Colours };
  /** What is printed is seen by a person as it comes. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** The terminal shows more than ASCII. */
  readonly unicode: boolean;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #out: BufferedOutput;
  readonly #err: BufferedOutput;
  #live = '';
  #onResize: (() => void) | undefined;

  constructor({ stdout, stderr, environment, onOutputLost }: ScreenOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#out = new BufferedOutput(stdout, (error) => onOutputLost?.(error));
    this.#err = new BufferedOutput(stderr, () => undefined);
    this.outIsTerminal = stdout.isTTY === true;
    this.errIsTerminal = stderr.isTTY === true;
    this.colours = { out: chooseColours(this.outIsTerminal, environment), err: chooseColours(this.errIsTerminal, environment) };
    this.unicode = isUnicode(environment);
    stderr.on('resize', () => this.#onResize?.());
  }

  /** Cells of a line of results; of no terminal as many as are usual. */
  get width(): number {
    return widthOf(this.#stdout);
  }
  /** Cells of a line of messages. */
  get messageWidth(): number {
    return widthOf(this.#stderr);
  }
  get outputGone(): boolean {
    return this.#out.gone;
  }

  /** Adds a line of results. */
  result(line: string): void {
    this.#eraseLive();
    this.#out.write(`${line}\n`);
    // A person reads along; a program would rather have much at once.
    if (this.outIsTerminal) this.#out.flush();
  }

  /** Adds text to the results as it is. */
  raw(text: string): void {
    this.#out.write(text);
  }

  /** Adds a line of messages. */
  message(line: string): void {
    this.#eraseLive();
    this.#out.flush();
    this.#err.write(`${line}\n`);
    this.#err.flush();
  }

  /** Shows `line` as the live line in place of the one before; it must fit into `messageWidth` - 1. Only for terminals. */
  live(line: string): void {
    if (!this.errIsTerminal) return;
    if (this.#live === line) return;
    this.#out.flush();
    this.#err.write(`${this.#erasure()}${line}`);
    this.#err.flush();
    this.#live = line;
  }

  /** Called when the terminal has another width; draws the live line again. */
  onResize(redraw: () => void): void {
    this.#onResize = redraw;
  }

  /** Leaves the terminal as it was found and writes what still waits. */
  close(): void {
    this.#onResize = undefined;
    this.#eraseLive();
    this.flush();
  }

  /** Resolves once it is known whether all results could be written. */
  drain(): Promise<void> {
    return this.#out.drain();
  }

  flush(): void {
    this.#out.flush();
    this.#err.flush();
  }

  #eraseLive(): void {
    if (this.#live === '') return;
    this.#err.write(this.#erasure());
    this.#err.flush();
    this.#live = '';
  }

  /** Goes to the start of the live line and clears it: where the terminal has become narrower it has been broken into several rows. */
  #erasure(): string {
    if (this.#live === '') return '\r';
    const rows = Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(this.#live)) / this.messageWidth));
    // ECMA-48: CUU moves up, ED clears to the end of the screen.
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`;
  }
}

function widthOf(stream: OutputStream): number {
  return stream.columns !== undefined && stream.columns > 0 ? stream.columns : DEFAULT_WIDTH;
}

/** Whether the locale's encoding is UTF-8, by the first of these variables that is set (locale(7)). */
function isUnicode(environment: (name: string) => string | undefined): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map(environment).find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}
