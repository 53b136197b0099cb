/** What is asked about the code of an action, and the shapes of the answers. */
import type { TriggerRef } from '../../auth0/api.ts';

/** What the code belongs to. */
export interface ActionFacts {
  readonly triggers: readonly TriggerRef[];
  /** Names of the action's secrets. */
  readonly secrets: readonly string[];
  /** Whether it is a file among others, which it may take types from. */
  readonly besideFiles?: boolean;
}

export interface Suggestion {
  readonly kind: 'property' | 'method' | 'secret' | 'literal' | 'option';
  readonly name: string;
  /** What replaces the text between `from` and `to`. */
  readonly insert: string;
  /** What the text between `from` and `to` is compared with, where that is not the name. */
  readonly filter?: string;
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly optional: boolean;
  readonly deprecated: boolean;
  /** The handler in which alone a method works, where this is another one. */
  readonly elsewhere?: string;
  /** Such as `event.user.identities[].provider` or `api.access.deny`. */
  readonly path: string;
}

/** What a word stands for. */
export interface Explanation {
  readonly from: number;
  readonly to: number;
  /** One line for each way to call it, or one for its type. */
  readonly lines: readonly string[];
  /** The named types in it, as `CacheSetOptions = { … }`. */
  readonly definitions: readonly string[];
  readonly deprecated: boolean;
  readonly elsewhere?: string;
  readonly path: string;
  readonly trigger: string;
  readonly version: string;
}

export interface Call {
  readonly signatures: readonly { readonly text: string; readonly parameters: readonly string[]; readonly deprecated: boolean }[];
  readonly activeParameter: number;
  readonly definitions: readonly string[];
  readonly path: string;
}
