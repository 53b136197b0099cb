/** What one deployment leaves behind while it runs, for whoever has to look it up. */
import { contentText, plainLines } from './content.ts';
import type { Outcome, PhaseTime } from './deployment.ts';
import type { RunJournal } from './runJournal.ts';
import type { RunRecord } from './runRecord.ts';
import type { SentCall, VersionCall } from './versionCall.ts';

export class RunNote {
  readonly #journal: RunJournal;
  #record: RunRecord;
  #sleeps: number;

  constructor(journal: RunJournal, record: RunRecord) {
    this.#journal = journal;
    this.#record = record;
    this.#sleeps = journal.sleeps;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** By what its call is known, and when it left. @throws Error where none did. */
  get call(): SentCall & { readonly at: number } {
    return this.#journal.callOf(this.#record);
  }

  /** What the service has named. */
  get version(): RunRecord['version'] {
    return this.#record.version;
  }

  /** True where the machine has slept since the call left, so that its deadlines passed without a look. */
  get hasSlept(): boolean {
    return this.#journal.sleeps > this.#sleeps;
  }

  /** Its phases so far. From the wait for the build on there is something to tell; before, a question may be open. */
  phases(phases: readonly PhaseTime[], actionName: string): void {
    this.#record = { ...this.#record, actionName, phases };
    if (phases.some(({ phase }) => phase !== 'reading')) {
      void this.#journal.keep(this.#record);
    }
  }

  /** The call is about to leave: resolves when that is remembered, or cannot be. Never rejects. */
  async sending({ action, meant, before, since, readAt, anySecretTimes, draftFollows }: VersionCall): Promise<void> {
    this.#sleeps = this.#journal.sleeps;
    this.#record = {
      ...this.#record,
      call: {
        at: this.#journal.now(),
        before,
        hash: this.#journal.digest(contentText(meant)),
        codeHash: this.#journal.digest(plainLines(meant.code)),
        ...(since === undefined ? {} : { since }),
        ...(readAt === undefined ? {} : { readAt }),
        ...(anySecretTimes === true ? { anySecretTimes } : {}),
        ...(draftFollows === undefined ? {} : { draftFollows }),
        ...(action.deployedVersion === undefined ? {} : { replaced: action.deployedVersion.number }),
      },
    };
    await this.#journal.keep(this.#record);
  }

  /** The service has named the version. */
  made(id: string, number: number): void {
    if (this.#record.version?.id !== id) {
      this.#record = { ...this.#record, version: { id, number } };
      void this.#journal.keep(this.#record);
    }
  }

  end(outcome: Outcome): void {
    this.#journal.drop(this.#record, outcome.kind === 'unconfirmed');
  }
}
