/**
 * Times as the service writes them: UTC with nine fraction digits, strictly increasing. A Date has three digits, so
 * the other six come from a counter.
 */
export class Times {
  readonly #now: () => number;
  #last = '';
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  /** The time `ms` milliseconds from now, later than every stamp of that millisecond before. */
  stamp(ms = 0): string {
    const text = new Date(this.#now() + ms).toISOString().slice(0, -1);
    this.#count = text === this.#last ? this.#count + 1 : 1;
    this.#last = text;
    return `${text}${String(Math.min(999_999, this.#count * 137)).padStart(6, '0')}Z`;
  }
}
