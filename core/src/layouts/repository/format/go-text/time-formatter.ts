import { dateOfDays, daysInMonth, daysOfDate } from './civil-date.ts';
import { ZoneOffsets } from './zone-offsets.ts';

const DAY = 86_400;
const NS = 1_000_000_000n;

/** Writes times as Go does in RFC 3339 with nanoseconds: in one time zone, with the offset that is valid there at that instant. */
export class TimeFormatter {
  readonly #offsets: ZoneOffsets;
  #day = Number.NaN;
  #date = '';

  /** `zone` is a name of the time zone database; snapshots made in different zones have different directories. Throws `usage`. */
  constructor(zone: string) {
    this.#offsets = new ZoneOffsets(zone);
  }

  /** `ns` since 1970; years before 0 and after 9999, which RFC 3339 cannot write, become those. */
  format(ns: bigint): string {
    const fraction = Number(((ns % NS) + NS) % NS);
    return this.#write(Number((ns - BigInt(fraction)) / NS), fraction);
  }

  #write(seconds: number, fraction: number): string {
    const offset = this.#offsets.at(seconds);
    const local = seconds + offset;
    const days = Math.floor(local / DAY);
    if (days !== this.#day) {
      const { year, month, day } = dateOfDays(days);
      if (year < 0 || year > 9999) return this.#write(this.#clampYear(local, year < 0 ? 0 : 9999), fraction);
      this.#date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
      this.#day = days;
    }
    const second = local - days * DAY;
    const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
    return `${this.#date}T${clock}${writeFraction(fraction)}${writeOffset(offset)}`;
  }

  /** The instant at which the zone's clocks show the same in another year; a day that it lacks becomes the one after (time.AddDate). */
  #clampYear(local: number, year: number): number {
    const days = Math.floor(local / DAY);
    const { month, day } = dateOfDays(days);
    const lacking = day > daysInMonth(year, month);
    const wanted = daysOfDate(year, lacking ? month + 1 : month, lacking ? 1 : day) * DAY + (local - days * DAY);
    return wanted - this.#offsets.at(wanted - this.#offsets.at(wanted));
  }
}

function two(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}

function writeFraction(ns: number): string {
  if (ns === 0) return '';
  const text = `.${String(ns).padStart(9, '0')}`;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0x30) end--;
  return text.slice(0, end);
}

/** Go leaves the seconds out that offsets had before there were zones. */
function writeOffset(seconds: number): string {
  if (seconds === 0) return 'Z';
  const minutes = Math.floor(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
