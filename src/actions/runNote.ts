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

  /** By what its call is known, and when it left. @throws Error where that was never known. */
  get call(): SentCall & { readonly at?: number } {
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

  /** What will be sent once there is nothing left to wait for: should the storage fail at that moment, this tells what to look for. */
  due(call: VersionCall): void {
    this.#know(call);
  }

  /** The call is about to leave: resolves when that is remembered, or cannot be; to false where another window has taken it over. Never rejects. */
  sending(call: VersionCall): Promise<boolean> {
    this.#sleeps = this.#journal.sleeps;
    this.#know(call, this.#journal.now());
    return this.#journal.keep(this.#record);
  }

  #know({ action, meant, before, since, readAt, anySecretTimes, draftFollows }: VersionCall, at?: number): void {
    this.#record = {
      ...this.#record,
      call: {
        ...(at === undefined ? {} : { at }),
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
