/**
 * Failed runs out of the tenant's log, a page at a time. The log's query knows the type of an entry but none of its
 * details, so the runs of one action are picked out here, and a page may hold none of them.
 */
import type { ManagementApi } from '../../auth0/api.ts';
import type { FailedRun } from '../../auth0/runs.ts';

/** The service pages through the newest thousand entries that a query finds. */
const MOST_PAGES = 10;
/** Pages that one step reads in search of runs of one action. */
const PAGES_A_STEP = 3;

export class FailedRuns {
  readonly #api: ManagementApi;
  readonly #actionId: string | undefined;
  readonly #runs = new Map<string, FailedRun>();
  #page = 0;
  #ended = false;

  /** @param actionId the action whose runs are wanted; all actions' where it is left out. */
  constructor(api: ManagementApi, actionId?: string) {
    this.#api = api;
    this.#actionId = actionId;
  }

  /** What was read so far, the newest first. */
  get runs(): readonly FailedRun[] {
    return [...this.#runs.values()].sort((a, b) => ((a.date ?? '') < (b.date ?? '') ? 1 : (a.date ?? '') > (b.date ?? '') ? -1 : 0));
  }

  /** False once the log has told all, or all that it pages through. */
  get hasMore(): boolean {
    return !this.#ended;
  }

  /** Reads on until there is something new, or for a few pages. Rejects with an ApiError; what was read stays. */
  async more(signal: AbortSignal): Promise<void> {
    const before = this.#runs.size;
    for (let read = 0; read < PAGES_A_STEP && !this.#ended && this.#runs.size === before; read += 1) {
      const { runs, isLast } = await this.#api.listFailedRuns(this.#page, { signal });
      this.#page += 1;
      this.#ended = isLast || this.#page >= MOST_PAGES;
      for (const run of runs.filter(one => this.#actionId === undefined || one.actionId === this.#actionId)) {
        // Entries made meanwhile shift the pages, and one comes twice.
        this.#runs.set(run.logId === '' ? `${run.date ?? ''} ${run.executionId ?? ''} ${this.#runs.size}` : run.logId, run);
      }
    }
  }
}
