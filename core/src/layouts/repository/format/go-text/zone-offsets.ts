import { HoldfastError } from '../../../../errors/holdfast-error.ts';

const DAY = 86_400;
/** Days that the engine's dates reach to either side of 1970 (ECMA-262, Time Values and Time Range), with a margin. */
const MAX_DAYS = 99_999_990;
const offsetPattern = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A day on which the offset is `before` until the second `changesAt` since 1970, and `after` from then on. */
interface DayOffsets {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

/** Offsets of a time zone, in seconds east of UTC. The engine is asked only once a day of what is looked up, as asking is slow. */
export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, DayOffsets>();

  /** `zone` is a name of the time zone database, as `Europe/Berlin`. Throws `usage` for one that is unknown. */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch (cause) {
      throw new HoldfastError('usage', `"${zone}" is no time zone. Give one such as Europe/Berlin or UTC.`, { cause });
    }
  }

  /** The offset at an instant, in whole seconds since 1970. */
  at(seconds: number): number {
    const day = Math.floor(seconds / DAY);
    let offsets = this.#days.get(day);
    if (offsets === undefined) this.#days.set(day, (offsets = this.#askDay(day)));
    return seconds < offsets.changesAt ? offsets.before : offsets.after;
  }

  #askDay(day: number): DayOffsets {
    const within = Math.max(-MAX_DAYS, Math.min(MAX_DAYS, day));
    let low = within * DAY;
    let high = low + DAY - 1;
    const before = this.#ask(low);
    const after = this.#ask(high);
    if (before === after) return { before, after, changesAt: -Infinity };
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return { before, after, changesAt: high };
  }

  #ask(seconds: number): number {
    const [, sign, hours, minutes, rest] = offsetPattern.exec(this.#format.format(seconds * 1000)) ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
    return sign === '-' ? -size : size;
  }
}
