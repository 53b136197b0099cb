/** The service's clock: that of this machine, or as far from it as was asked for. */
export class ServiceClock {
  readonly #base: () => number;
  readonly #startSkewMs: number;
  /** Milliseconds that the service is ahead; negative where it is behind. */
  skewMs: number;

  constructor(base: () => number, skewMs: number) {
    this.#base = base;
    this.#startSkewMs = skewMs;
    this.skewMs = skewMs;
  }

  /** Milliseconds since the epoch, as the service sees them. */
  now(): number {
    return this.#base() + this.skewMs;
  }

  /** For time that has gone by since an earlier call: setting the clock does not shorten or lengthen it. */
  steady(): number {
    return this.#base();
  }

  reset(): void {
    this.skewMs = this.#startSkewMs;
  }
}
