/** In which order a tenant's requests leave: by rank, and within a rank as they came. */

/**
 * `interactive`: a person looks at the result. `step`: a deployment cannot go on without it. `background`: a look at
 * something that is still under way.
 */
export type Priority = 'interactive' | 'step' | 'background';

export interface Turn {
  readonly rank: number;
  readonly isWrite: boolean;
  readonly start: () => void;
  /** Ends it unsent. */
  readonly refuse: (kind: 'cancelled' | 'rateLimited') => void;
}

/** Ranks from here on leave a part of the bucket to others. */
export const PATIENT_RANK = 3;

/**
 * Reads that a person waits for go first, however much is being deployed. Writes come next: what a deployment has read
 * of a draft is to be sent before it grows old, also where fifty others wait to begin.
 */
export function rankOf(method: string, priority: Priority = 'interactive'): number {
  return method === 'GET' ? { interactive: 0, step: 2, background: PATIENT_RANK }[priority] : 1;
}

export class Turns {
  #waiting: Turn[] = [];

  add(turn: Turn): void {
    const behind = this.#waiting.findIndex(other => other.rank > turn.rank);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, turn);
  }

  /** False where it does not wait any more. */
  remove(turn: Turn): boolean {
    const index = this.#waiting.indexOf(turn);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
    }
    return index >= 0;
  }

  /** All writes, which wait no more. */
  takeWrites(): readonly Turn[] {
    const writes = this.#waiting.filter(turn => turn.isWrite);
    this.#waiting = this.#waiting.filter(turn => !turn.isWrite);
    return writes;
  }

  first(): Turn | undefined {
    return this.#waiting[0];
  }

  startFirst(): void {
    this.#waiting.shift()?.start();
  }
}
