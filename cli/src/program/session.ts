import { dirname } from 'node:path';
import {
  type Clock,
  configPath,
  type HoldfastError,
  judgeRun,
  levelForVerbosity,
  openProgram,
  type PluginPlaces,
  type Scope,
  type SummaryEvent,
  toMessageEvent,
} from '@holdfast/core';
import { JsonReporter } from '../output/json-reporter.ts';
import type { Reporter } from '../output/reporter.ts';
import { TextReporter } from '../output/text-reporter.ts';
import type { GeneralOptions } from '../options/general-options.ts';
import type { Screen } from '../terminal/screen.ts';

/** What comes from outside of the program. */
export interface World {
  readonly screen: Screen;
  readonly clock: Clock;
  readonly environment: (name: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** The part of `GeneralOptions` that can be told when they are wrong. */
export type SessionOptions = Pick<GeneralOptions, 'json' | 'quiet' | 'verbose' | 'config' | 'progress'>;

/** One call of the program: where it says things, and what it works with. */
export class Session {
  readonly reporter: Reporter;
  readonly world: World;
  readonly #options: SessionOptions;
  readonly #startedMs: number;

  constructor(world: World, options: SessionOptions) {
    const { screen, clock } = world;
    this.world = world;
    this.#options = options;
    this.#startedMs = clock.monotonicMs();
    this.reporter = options.json ? new JsonReporter({ screen, clock, ...options }) : new TextReporter({ screen, ...options });
  }

  get screen(): Screen {
    return this.world.screen;
  }
  get isJson(): boolean {
    return this.#options.json;
  }
  get isVerbose(): boolean {
    return this.#options.verbose > 0;
  }

  /** Where plugins are listed and looked for. */
  get places(): PluginPlaces {
    return {
      configPath: this.#options.config ?? configPath(this.world.environment),
      builtIn: ['@holdfast/local-disk'],
      programFolder: dirname(import.meta.dirname),
    };
  }

  /** Opens what tasks work in. Rejects with `config-invalid`, `plugin-missing` or `plugin-invalid`. */
  open(): Promise<Scope> {
    const { verbose, config } = this.#options;
    return openProgram({
      places: this.places,
      configRequired: config !== undefined,
      // What users need is told by events; the log is for whoever looks for a fault.
      log: { level: verbose < 2 ? 'silent' : levelForVerbosity(verbose), destination: 'stderr' },
      sink: this.reporter.sink,
      signal: this.world.signal,
    });
  }

  /** Tells the error that ends the program, with its summary, and answers the exit code. */
  fail(error: HoldfastError): number {
    const { sink } = this.reporter;
    sink(toMessageEvent(error));
    if (this.#options.verbose >= 2) this.screen.message(String((error.cause instanceof Error ? error.cause : error).stack));
    return this.#end(judgeRun({ skipped: 0, failed: 0 }, error));
  }

  /** Ends a verb that has no run of its own: the summary is the last line of every verb. */
  finish(exitCode: number): void {
    this.#end({ status: exitCode === 0 ? 'ok' : 'failed', exitCode });
  }

  #end(judgement: Pick<SummaryEvent, 'status' | 'exitCode'>): number {
    if (!this.reporter.isOver)
      this.reporter.sink(emptySummary(judgement, (this.world.clock.monotonicMs() - this.#startedMs) / 1000));
    return judgement.exitCode;
  }
}

function emptySummary(judgement: Pick<SummaryEvent, 'status' | 'exitCode'>, seconds: number): SummaryEvent {
  return {
    type: 'summary',
    ...judgement,
    counts: { stored: 0, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 },
    bytes: { read: 0n, written: 0n, stored: 0n },
    seconds,
    verified: { method: 'none', files: 0, bytes: 0n },
  };
}
