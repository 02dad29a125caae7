import type { HoldfastEvent } from '@holdfast/core';
import type { StoryTeller } from '../output/reporter.ts';
import { TextReporter, type TextReporterOptions } from '../output/text-reporter.ts';
import { recordScreen } from './recorded-stream.ts';

/** What a person sees of these events: results and messages, as of files. */
export function show(
  teller: StoryTeller,
  events: readonly HoldfastEvent[],
  options: Partial<TextReporterOptions> = {},
): { out: string; err: string } {
  const { screen, stdout, stderr } = recordScreen();
  const reporter = new TextReporter({ screen, quiet: false, verbose: 0, progress: true, ...options });
  reporter.tellWith(teller);
  for (const event of events) reporter.sink(event);
  reporter.close();
  return { out: stdout.text, err: stderr.text };
}
