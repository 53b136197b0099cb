import type { TenantLabel } from '../auth0/tenantRef.ts';
import type { CredentialFacts, CredentialKind } from './credentials/credential.ts';

/** What is remembered of a tenant when VS Code is closed. Holds nothing that lets anybody in. */
export interface StoredTenant extends CredentialFacts {
  /** Host with its port, or `demo`. */
  readonly id: string;
  readonly kind: CredentialKind | 'demo';
  /** End of a token that cannot be renewed, in milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Name of the connection for VS Code's accounts: a random text that opens nothing. */
  readonly session?: string;
  /** The person's own name for it. */
  readonly alias?: string;
  readonly label?: TenantLabel;
  /** Each write to it asks for its name. */
  readonly protected?: boolean;
}

/** A way into a tenant, as a person has just described it. */
export interface Connection extends CredentialFacts {
  readonly id: string;
  readonly kind: CredentialKind;
}

/** The memory of this machine, without secrets. Unreadable entries are to be dropped by the reader. */
export interface TenantStore {
  read(): readonly StoredTenant[];
  write(tenants: readonly StoredTenant[]): Promise<void>;
}
