import {
  type EventSink,
  formatSize,
  type HoldfastEvent,
  type ItemEvent,
  type MessageEvent,
  type ProgressEvent,
  type SummaryEvent,
} from '@holdfast/core';
import { escapeMessage, escapeName } from '../terminal/escape-text.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { itemWords } from './item-words.ts';
import { formatProgress } from './progress-line.ts';
import type { Reporter, Result, StoryTeller } from './reporter.ts';
import { RunTally } from './run-tally.ts';

export interface TextReporterOptions {
  readonly screen: Screen;
  readonly quiet: boolean;
  readonly verbose: number;
  readonly progress: boolean;
}

/** Everything for a person: one live line while it runs, then a short story. */
export class TextReporter implements Reporter {
  isOver = false;
  readonly sink: EventSink;
  readonly #screen: Screen;
  readonly #options: TextReporterOptions;
  readonly #tally: RunTally;
  readonly #showsProgress: boolean;
  #teller: StoryTeller | undefined;
  #lastProgress: ProgressEvent | undefined;

  constructor(options: TextReporterOptions) {
    const { screen, quiet, verbose, progress } = options;
    this.#screen = screen;
    this.#options = options;
    this.#tally = new RunTally(verbose > 0);
    this.sink = Object.assign((event: HoldfastEvent) => this.#take(event), { skipsStored: verbose === 0 || quiet });
    // Lines of the log are written by others, straight to standard error.
    this.#showsProgress = progress && !quiet && verbose < 2 && screen.errIsTerminal;
    screen.onResize(() => {
      if (this.#lastProgress !== undefined) this.#showProgress(this.#lastProgress);
    });
  }

  #take(event: HoldfastEvent): void {
    this.#tally.take(event);
    switch (event.type) {
      case 'progress':
        return this.#showProgress(event);
      case 'item':
        return this.#showItem(event);
      case 'warning':
      case 'error':
        return this.#showMessage(event);
      case 'summary':
        return this.#showSummary(event);
      case 'plan':
        return;
      default:
        return event satisfies never;
    }
  }

  tellWith(teller: StoryTeller): void {
    this.#teller = teller;
  }

  result({ text }: Result): void {
    this.#screen.result(text());
  }

  note(text: string): void {
    this.#screen.message(text);
  }

  close(): void {
    this.#screen.close();
  }

  #showProgress(event: ProgressEvent): void {
    if (!this.#showsProgress || this.isOver) return;
    this.#lastProgress = event;
    this.#screen.live(formatProgress(event, this.#screen.messageWidth - 1, this.#screen.unicode ? '…' : '...'));
  }

  #showItem(event: ItemEvent): void {
    if (this.#options.verbose === 0 || this.#options.quiet) return;
    const { op, path, bytes, error } = event;
    const name = path === '' ? '.' : escapeName(path);
    if (error === undefined) {
      const size = bytes === 0n ? '' : `  ${formatSize(bytes)}`;
      this.#screen.result(`${itemWords[op].padEnd(9)} ${name}${size}`);
      return;
    }
    const { yellow } = this.#screen.colours.err;
    this.#screen.message(`${yellow((op === 'skip' ? 'skipped' : 'failed').padEnd(9))} ${name}: ${escapeMessage(error.message)}`);
  }

  #showMessage({ type, code, message, hint }: MessageEvent): void {
    const { red, yellow, bold, dim } = this.#screen.colours.err;
    const label = type === 'error' ? red(bold('error:')) : yellow('warning:');
    const [first = '', ...others] = wrapText(escapeMessage(`${type}: ${message} [${code}]`), this.#wrapWidth());
    const lines = [first.replace(`${type}:`, label), ...others].map((line) => line.replace(`[${code}]`, dim(`[${code}]`)));
    const advice = hint === undefined || hint === '' ? [] : wrapText(escapeMessage(hint), this.#wrapWidth(), '  ');
    for (const line of [...lines, ...advice]) this.#screen.message(line);
  }

  #showSummary(summary: SummaryEvent): void {
    this.isOver = true;
    const story = this.#teller?.(summary, this.#tally);
    if (!this.#options.quiet) for (const line of story?.outcome ?? []) this.#screen.result(line);
    const failures = this.#tally.failures.describe(this.#wrapWidth());
    if (failures.length > 0) this.#showParagraph([this.#screen.colours.err.yellow('What went wrong:'), ...failures]);
    const next = (story?.next ?? []).flatMap((line) => wrapText(escapeMessage(line), this.#wrapWidth()));
    if (!this.#options.quiet && next.length > 0) this.#showParagraph(next);
  }

  #showParagraph(lines: readonly string[]): void {
    this.#screen.message('');
    for (const line of lines) this.#screen.message(line);
  }

  /** Cells to break messages at; a file of messages is broken nowhere. */
  #wrapWidth(): number {
    return this.#screen.errIsTerminal ? this.#screen.messageWidth - 1 : Infinity;
  }
}
