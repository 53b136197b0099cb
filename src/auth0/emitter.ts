/** Tells listeners about changes, without VS Code's own emitter, so that the pure folders run anywhere. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** How many listen: what grows here is never let go. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a listener and returns the function that removes it. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells all listeners. One that throws keeps neither the others from hearing nor breaks off what fires. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        // Reported as a mistake of the program, by whoever watches for those.
        void Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
