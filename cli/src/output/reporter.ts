import type { EventSink, SummaryEvent } from '@holdfast/core';
import type { RunTally } from './run-tally.ts';

/** What a person is told at the end of a run: its outcome, and what to do next. */
export interface RunStory {
  readonly outcome: readonly string[];
  readonly next: readonly string[];
}
export type StoryTeller = (summary: SummaryEvent, tally: RunTally) => RunStory;

/** A result of a verb that lists: one object a line with `--json`, else lines for people. */
export interface Result {
  /** `type` of the JSON object. */
  readonly type: string;
  /** Its fields. `time` is that of printing where it has none of its own. */
  readonly record: object;
  /** The same for people; several lines where it needs them. */
  readonly text: () => string;
}

/** Says what happens, to a program or to a person. */
export interface Reporter {
  readonly sink: EventSink;
  /** Whether a summary was given: nothing comes after it. */
  readonly isOver: boolean;
  /** How a person is told the end of a run. */
  tellWith(teller: StoryTeller): void;
  result(result: Result): void;
  /** Says something that is no event: nothing a program would want. */
  note(text: string): void;
  close(): void;
}
