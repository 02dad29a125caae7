import type { OutputStream } from '../terminal/output-stream.ts';
import { Screen } from '../terminal/screen.ts';

/** A stream that keeps what is written, as a terminal of `columns` or as a file. */
export class RecordedStream implements OutputStream {
  readonly isTTY: boolean;
  columns: number;
  text = '';
  /** How often something was written. */
  writes = 0;
  readonly #onError: ((error: NodeJS.ErrnoException) => void)[] = [];
  readonly #onResize: (() => void)[] = [];

  constructor(columns?: number) {
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  write(text: string, done?: () => void): boolean {
    this.text += text;
    this.writes++;
    if (done !== undefined) setImmediate(done);
    return true;
  }

  on(event: 'error' | 'resize', listener: (() => void) & ((error: NodeJS.ErrnoException) => void)): void {
    if (event === 'error') this.#onError.push(listener);
    else this.#onResize.push(listener);
  }

  fail(code: string): void {
    for (const listener of this.#onError) listener(Object.assign(new Error(code), { code }));
  }

  resize(columns: number): void {
    this.columns = columns;
    for (const listener of this.#onResize) listener();
  }
}

export interface RecordedScreen {
  readonly screen: Screen;
  readonly stdout: RecordedStream;
  readonly stderr: RecordedStream;
  readonly lost: (NodeJS.ErrnoException | undefined)[];
}

/** A screen of `columns`, or files where it is left out; without colours. */
export function recordScreen(columns?: number): RecordedScreen {
  const stdout = new RecordedStream(columns);
  const stderr = new RecordedStream(columns);
  const lost: (NodeJS.ErrnoException | undefined)[] = [];
  const variables: Readonly<Record<string, string>> = { NO_COLOR: '1', LANG: 'C.UTF-8' };
  const screen = new Screen({
    stdout,
    stderr,
    environment: (name) => variables[name],
    onOutputLost: (error) => lost.push(error),
  });
  return { screen, stdout, stderr, lost };
}
