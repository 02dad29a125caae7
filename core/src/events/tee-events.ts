import type { EventSink } from '../contracts/events.ts';

/** Gives each event to several sinks, in their order. */
export function teeEvents(...sinks: readonly EventSink[]): EventSink {
  return (event) => {
    for (const sink of sinks) sink(event);
  };
}
