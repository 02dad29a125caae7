import { type Clock, type HoldfastEvent, toJson, toJsonLine } from '@holdfast/core';
import type { Screen } from '../terminal/screen.ts';
import type { Reporter, Result } from './reporter.ts';

export interface JsonReporterOptions {
  readonly screen: Screen;
  readonly clock: Pick<Clock, 'now'>;
  /** Only messages and the summary. */
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** Every event and result as a line of JSON on standard output. */
export class JsonReporter implements Reporter {
  isOver = false;
  readonly #options: JsonReporterOptions;

  constructor(options: JsonReporterOptions) {
    this.#options = options;
  }

  readonly sink = (event: HoldfastEvent): void => {
    const { screen, clock, quiet, progress } = this.#options;
    if (event.type === 'progress' && (quiet || !progress)) return;
    if (quiet && (event.type === 'item' || event.type === 'plan')) return;
    this.isOver ||= event.type === 'summary';
    screen.raw(toJsonLine(event, clock.now()));
  };

  tellWith(): void {
    // Programs read the summary itself.
  }

  result({ type, record }: Result): void {
    const { screen, clock } = this.#options;
    screen.raw(`${toJson({ type, time: clock.now().toISOString(), ...record })}\n`);
  }

  note(text: string): void {
    this.#options.screen.message(text);
  }

  close(): void {
    this.#options.screen.close();
  }
}
