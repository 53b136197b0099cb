/** The flows of one tenant, each read when somebody first looks at an action of its trigger, and shared by all of them. */
import type { Binding, Trigger } from '../auth0/api.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';

export interface Flow {
  /** In the order in which logins run them. */
  readonly bindings: readonly Binding[];
  /** Actions of such a trigger belong to single entities (a connection, a stream): there is no flow to be in. */
  readonly entityBound: boolean;
  /** Why it is not known what runs: it could not be read, or it is empty and its triggers could not be read. */
  readonly error?: unknown;
}

export class FlowMemory {
  readonly #tenant: TenantRef;
  readonly #triggers: () => Promise<readonly Trigger[]>;
  readonly #signal: AbortSignal;
  readonly #changed: (triggerId: string) => void;
  readonly #known = new Map<string, Flow>();
  readonly #loads = new Map<string, Promise<Flow>>();

  constructor(tenant: TenantRef, triggers: () => Promise<readonly Trigger[]>, signal: AbortSignal, changed: (triggerId: string) => void) {
    this.#tenant = tenant;
    this.#triggers = triggers;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** What is known of a trigger's flow, without a request. */
  known(triggerId: string): Flow | undefined {
    return this.#known.get(triggerId);
  }

  /** A trigger's flow as it was read, a failure included, or as it is read now. Never rejects. */
  load(triggerId: string): Promise<Flow> {
    const known = this.#known.get(triggerId);
    return known === undefined ? this.refresh(triggerId) : Promise.resolve(known);
  }

  /** Reads a trigger's flow anew, keeping what is known until then. Never rejects. */
  refresh(triggerId: string): Promise<Flow> {
    const shared = this.#loads.get(triggerId) ?? this.#read(triggerId).finally(() => void this.#loads.delete(triggerId));
    this.#loads.set(triggerId, shared);
    return shared;
  }

  /** Reads anew whatever is known. Never rejects. */
  async refreshAll(): Promise<void> {
    await Promise.all([...this.#known.keys()].map(triggerId => this.refresh(triggerId)));
  }

  /** Reads anew whatever could not be read. Never rejects. */
  async retryFailed(): Promise<void> {
    await Promise.all([...this.#known].filter(([, flow]) => flow.error !== undefined).map(([triggerId]) => this.refresh(triggerId)));
  }

  /** Takes a flow that somebody has just read or changed. */
  put(triggerId: string, bindings: readonly Binding[]): void {
    this.#set(triggerId, { bindings, entityBound: this.#known.get(triggerId)?.entityBound ?? false });
  }

  async #read(triggerId: string): Promise<Flow> {
    let flow: Flow;
    try {
      const api = await this.#tenant.api();
      const triggers = this.#triggers();
      const [bindings] = await Promise.all([api.listBindings(triggerId, { signal: this.#signal }), triggers.catch(() => undefined)]);
      const hasFlow = bindings.length > 0 || (this.#known.get(triggerId)?.bindings ?? []).length > 0;
      // Whether nothing runs what an empty flow lacks, the trigger alone can tell.
      const known = await (hasFlow ? triggers.catch((): readonly Trigger[] => []) : triggers);
      flow = { bindings, entityBound: known.some(trigger => trigger.id === triggerId && trigger.bindingPolicy === 'entity-bound') };
    } catch (error) {
      const before = this.#known.get(triggerId);
      flow = { bindings: before?.bindings ?? [], entityBound: before?.entityBound ?? false, error };
    }
    this.#set(triggerId, flow);
    return flow;
  }

  #set(triggerId: string, flow: Flow): void {
    const before = this.#known.get(triggerId);
    this.#known.set(triggerId, flow);
    if (before === undefined || before.error !== flow.error || JSON.stringify(before.bindings) !== JSON.stringify(flow.bindings)) {
      this.#changed(triggerId);
    }
  }
}
