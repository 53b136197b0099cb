/**
 * Time, as everything in the pure folders sees it. Handing it in keeps waiting testable without waiting.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that nobody sets, where there is one. */
  steady?(): number;
  /**
   * Resolves after `ms` milliseconds, or as soon as `signal` aborts: the caller looks at the signal itself,
   * so that no wait ever rejects.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
